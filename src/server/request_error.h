// What is wrong with a request's body or query, for whoever sent it.
#pragma once

#include "base/result.h"

namespace piste::server {

enum class RequestFault { value };  // a field is missing, or not what it must be

template <class T>
using Asked = base::Result<T, RequestFault>;
using AskedWrongly = base::Error<RequestFault>;

}  // namespace piste::server
