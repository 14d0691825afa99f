// What can go wrong with the database.
#pragma once

#include "base/result.h"

namespace piste::cluster {

enum class ErrorCode {
  away,     // it cannot be asked now: later, perhaps
  refused,  // it does not take these values, nor will it
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

}  // namespace piste::cluster
