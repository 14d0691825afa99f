#include "store/store.h"

#include "store/artifact_type.h"

namespace piste::store {
namespace {

namespace fs = std::filesystem;

// All are in one folder.
std::string folder_of(const std::vector<fs::path>& files) {
  return files.front().parent_path().filename().string();
}

}  // namespace

Result<Manifest> Store::find(const session::SessionKey& key) const {
  return read(session_key(key));
}

Result<Manifest> Store::find_folder(const std::string& folder) const {
  return read(manifest_key(folder));
}

// Its list first: what is cut short is removed by that.
Result<base::Done> Store::put_upload(const std::vector<fs::path>& files, const std::stop_token& stop) const {
  std::error_code missing;
  Manifest manifest{folder_of(files), {}};
  for (const fs::path& file : files) {
    const auto size = fs::file_size(file, missing);
    if (!missing) manifest.files[file.filename().string()] = size;
  }
  auto put = bucket_.put(manifest_key(manifest.folder), print(manifest), "application/json", stop);
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    if (put && manifest.files.contains(name))
      put = bucket_.put_file(file_key(manifest.folder, name), file, *artifact_type(name), stop);
  }
  return put;
}

Result<base::Done> Store::fetch_upload(const std::vector<fs::path>& files,
                                       const std::stop_token& stop) const {
  const std::string folder = folder_of(files);
  const auto text = bucket_.get(manifest_key(folder), stop);
  if (!text) return text.error();
  const auto manifest = parse_manifest(*text);
  Result<base::Done> fetched = base::Done{};
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    if (fetched && manifest && manifest->files.contains(name))
      fetched = bucket_.get_file(file_key(folder, name), file, stop);
  }
  return fetched;
}

Result<Manifest> Store::read(const std::string& key) const {
  const auto text = asked_.get(key);
  if (!text) return text.error();
  if (auto manifest = parse_manifest(*text)) {
    if (outbox_.forgets(manifest->folder)) return Error{ErrorCode::missing, "the phrase was removed"};
    return std::move(*manifest);
  }
  return Error{ErrorCode::refused, "what the store says of a phrase cannot be read"};
}

}  // namespace piste::store
