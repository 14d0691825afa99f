// Text that is broken into lines. Internal to the module.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace piste::artifacts {

// Broken at spaces; what is longer than `most` lines ends in dots. A word that is too long for a line stays
// whole. letters: height of a capital, width: of a line, pixels.
std::vector<std::string> wrapped(const std::string& text, double letters, double width, std::size_t most);

// "2.54 s"
std::string seconds_text(double seconds);

}  // namespace piste::artifacts
