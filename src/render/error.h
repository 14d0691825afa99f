#pragma once

#include "base/result.h"

namespace piste::render {

enum class ErrorCode {
  io,            // a file cannot be read or written
  invalid,       // a motion description or a row that is not what it should be; the message says where
  not_found,     // no row of that number or id
  no_keypoints,  // a row that was recorded without skeletons
  options,       // a size, rate or other setting out of range
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

}  // namespace piste::render
