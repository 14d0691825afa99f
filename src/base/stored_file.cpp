#include "base/stored_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/pending_file.h"

namespace piste::base {
namespace {

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.get() >= 0 && ::fsync(opened.get()) == 0;
}

// Under the name that it has until it is whole.
bool write_synced(const std::filesystem::path& file, std::string_view content) {
  constexpr mode_t owner_only = 0600;
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
  return out.get() >= 0 &&
         ::write(out.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
         ::fsync(out.get()) == 0;
}

}  // namespace

bool store_file(const std::filesystem::path& file, std::string_view content) {
  PendingFile pending(file);
  return write_synced(pending.path(), content) && !pending.commit() && sync_folder(file.parent_path());
}

bool store_new_file(const std::filesystem::path& file, std::string_view content) {
  const PendingFile pending(file);
  return write_synced(pending.path(), content) && ::link(pending.path().c_str(), file.c_str()) == 0 &&
         sync_folder(file.parent_path());
}

}  // namespace piste::base
