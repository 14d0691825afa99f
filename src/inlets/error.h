// What the way to a box can fail with.
#pragma once

#include "base/result.h"

namespace piste::inlets {

enum class ErrorCode {
  usage,  // an address that is none; waiting does not help
  lost,   // there is no way to the box now; later there may be one
  over,   // the input has come to its end
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

}  // namespace piste::inlets
