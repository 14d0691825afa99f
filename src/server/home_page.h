// The page that GET / shows to a browser.
#pragma once

#include <string>
#include <string_view>

namespace piste::server {

// version: of the service; plain text.
std::string home_page(std::string_view version);

}  // namespace piste::server
