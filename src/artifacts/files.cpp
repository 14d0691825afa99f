#include <fstream>

#include "artifacts/artifacts.h"
#include "base/pending_file.h"

namespace piste::artifacts {

Result<base::Done> write_file(const std::filesystem::path& path, std::string_view bytes) {
  base::PendingFile file(path);
  std::ofstream out(file.path(), std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out || file.commit()) return Error{ErrorCode::io, "the file cannot be written"};
  return base::Done{};
}

}  // namespace piste::artifacts
