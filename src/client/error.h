// What a client can fail with, and what its program then returns.
#pragma once

#include "base/result.h"

namespace piste::client {

enum class ErrorCode {
  usage,        // an option, a URL or a file that the user named
  connection,   // no connection, or it was lost; later there may be one
  no_entry,     // no connection, and waiting does not help: a wrong token, a strange certificate, no such
                // service
  no_room,      // the server says so, and has for as long as it was waited for
  refused,      // the server answered with an error, or the analysis failed
  interrupted,  // Ctrl-C
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

// 0 is a verdict. interrupted: 130, as shells have it for SIGINT.
constexpr int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::refused:
      return 1;
    case ErrorCode::usage:
      return 2;
    case ErrorCode::connection:
    case ErrorCode::no_entry:
    case ErrorCode::no_room:
      return 3;
    case ErrorCode::interrupted:
      return 130;
  }
  return 1;
}

}  // namespace piste::client
