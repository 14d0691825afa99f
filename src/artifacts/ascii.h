// OpenCV's stroke font knows ASCII only. Internal to the module.
#pragma once

#include <string>
#include <string_view>

namespace piste::artifacts {

// Letters lose their accents, typographic signs become plain ones, control characters spaces, the rest "?".
std::string to_ascii(std::string_view text);

}  // namespace piste::artifacts
