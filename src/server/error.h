// What can go wrong before the server serves.
#pragma once

#include "base/result.h"

namespace piste::server {

enum class ErrorCode {
  address,      // the host is unknown, or the port cannot be listened on
  tokens,       // the file of tokens cannot be read or used
  certificate,  // likewise the certificate or its key
  proxies,      // the list of trusted proxies is none
  origins,      // the list of allowed origins is none
  hosts,        // the list of allowed hosts is none
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

}  // namespace piste::server
