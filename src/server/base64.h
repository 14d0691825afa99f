// Base64 as it comes in headers (RFC 4648, padded).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace piste::server {

// The bytes; nullopt where the text is none.
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace piste::server
