// docs/openapi.json, as it was when the program was built.
#pragma once

#include <string_view>

namespace piste::server {

std::string_view openapi_text();

}  // namespace piste::server
