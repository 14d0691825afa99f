// Small files of our own, readable for it alone, that a power cut leaves as they were or as they
// are to be.
#pragma once

#include <filesystem>
#include <string_view>

namespace piste::base {

// Replaces what is there. True: it is on the disk.
bool store_file(const std::filesystem::path& file, std::string_view content);
// The same, but never over another one's: false where there is a file already.
bool store_new_file(const std::filesystem::path& file, std::string_view content);

}  // namespace piste::base
