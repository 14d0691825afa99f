#include "recording/whole_file.h"

#include <span>

#include "base/pending_file.h"
#include "recording/file.h"

namespace piste::recording {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Result<base::Done> fill(const std::filesystem::path& path, std::string_view content, Durable durable) {
  auto file = File::create(path, system_disk());
  if (!file) return file.error();
  if (auto written = file->write(bytes_of(content), {}, 0); !written) return written;
  return durable == Durable::yes ? file->sync() : base::Done{};
}

}  // namespace

Result<base::Done> write_whole(const std::filesystem::path& path, std::string_view content, Durable durable) {
  base::PendingFile pending(path);
  if (auto filled = fill(pending.path(), content, durable); !filled) return filled;
  if (const auto failure = pending.commit()) {
    return Error{ErrorCode::io, "cannot put a file in its place: " + failure.message()};
  }
  if (durable == Durable::no) return base::Done{};
  if (system_disk().sync_folder(path.parent_path()) != 0) return disk_error("bring a name to the disk");
  return base::Done{};
}

}  // namespace piste::recording
