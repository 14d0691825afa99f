#pragma once

#include "base/result.h"

namespace piste::video {

enum class ErrorCode {
  unreadable,     // the bytes are not what they claim to be, or are cut short
  unsupported,    // well-formed, but of a kind that is not taken
  size_mismatch,  // another width or height than announced
  io,             // a file or device cannot be opened, read or written
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

}  // namespace piste::video
