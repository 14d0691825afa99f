// The page's files, as they were when the program was built: they are in the program.
#pragma once

#include <span>
#include <string_view>

namespace piste::site {

struct File {
  std::string_view path;  // "/index.html", "/assets/main-UB3K7D2A.js"
  std::string_view type;  // for Content-Type
  std::string_view hash;  // of the content
  bool lasting;           // its name changes with its content
  std::string_view raw, brotli, gzip;
};

// Sorted by path. Empty where the program was built without what builds the page.
std::span<const File> files();
// Null: there is none.
const File* find(std::string_view path);

}  // namespace piste::site
