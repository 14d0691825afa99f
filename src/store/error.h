// What can go wrong with the store.
#pragma once

#include "base/result.h"

namespace piste::store {

enum class ErrorCode {
  settings,     // a URL or a file of keys that is none
  unreachable,  // no answer, or one that says: later
  refused,      // by what is there: wrong keys, no such bucket, a certificate that is not trusted
  missing,      // there is no such object
  io,           // one of our own files
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

}  // namespace piste::store
