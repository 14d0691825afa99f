// Which of the languages that something is written in its reader is answered in.
#pragma once

#include <string_view>
#include <vector>

namespace piste::server {

// One of `offered` (primary tags, "de"), of which there is at least one. accept_language: the header field,
// RFC 9110, 12.5.4: of what it names the dearest, the first of equals; where it names none of them, the first
// that is offered.
std::string_view language_for(std::string_view accept_language, const std::vector<std::string_view>& offered);

}  // namespace piste::server
