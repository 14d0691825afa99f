#include <algorithm>

#include "site/files.h"

namespace piste::site {

const File* find(std::string_view path) {
  const auto all = files();
  const auto found =
      std::lower_bound(all.begin(), all.end(), path,
                       [](const File& file, std::string_view sought) { return file.path < sought; });
  return found != all.end() && found->path == path ? &*found : nullptr;
}

}  // namespace piste::site
