#include "client/files.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/pending_file.h"
#include "base/text.h"
#include "boxes/event_json.h"

namespace piste::client {
namespace {

// A scoring log is some kilobytes: whatever is larger is another file.
constexpr std::size_t max_signal_bytes = 16'000'000;

Error bad_signal(const std::filesystem::path& path, std::string_view why) {
  return {ErrorCode::usage, "signal " + base::escaped(path.string()) + ": " + std::string(why)};
}

Error bad_output(const std::filesystem::path& path, std::string_view why) {
  return {ErrorCode::usage, "--output " + base::escaped(path.string()) + ": " + std::string(why)};
}

// A link, a pipe or a device, /dev/stdout among them: written to, where a file is replaced.
bool is_written_through(const std::filesystem::path& path) {
  std::error_code failed;
  const auto status = std::filesystem::symlink_status(path, failed);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

bool written(const std::filesystem::path& path, std::string_view json) {
  std::ofstream file(path, std::ios::binary);
  file << json << '\n';
  file.close();
  return !file.fail();
}

}  // namespace

Result<std::string> read_signal(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return bad_signal(path, "no such file");
  std::ifstream file(path, std::ios::binary);
  if (!file) return bad_signal(path, "cannot be read");
  if (std::filesystem::file_size(path, failed) > max_signal_bytes) {
    return bad_signal(path, "too large for a scoring log");
  }
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) return bad_signal(path, "the file is empty");
  return bytes;
}

Result<std::deque<types::Touch>> read_touches(const std::filesystem::path& path) {
  const auto wrong = [&](const std::string& why) {
    return Error{ErrorCode::usage, "the box's events " + base::escaped(path.string()) + ": " + why};
  };
  std::ifstream file(path);
  if (!file) return wrong("cannot be read");
  std::deque<types::Touch> touches;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    const auto event = boxes::parse_event(line);
    if (!event) return wrong(event.error().message);
    const auto* lamp = std::get_if<boxes::Lamp>(&event->what);
    if (!lamp || !is_hit(lamp->state) || lamp->onset_unknown || !event->at) continue;
    touches.push_back(
        {lamp->side, *event->at, lamp->state == boxes::LampState::valid, event->error.value_or(0)});
  }
  std::ranges::stable_sort(touches, {}, &types::Touch::time);
  return touches;
}

Result<base::Done> check_output(const std::filesystem::path& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return bad_output(path, "is a folder; give a file's name");
  if (is_written_through(path)) return base::Done{};
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (!std::filesystem::is_directory(folder, failed)) {
    return bad_output(path, "there is no folder " + base::escaped(folder.string()));
  }
  const base::PendingFile probe(path);
  if (!std::ofstream(probe.path(), std::ios::binary)) return bad_output(path, "cannot be written");
  return base::Done{};
}

Result<base::Done> save_result(const std::filesystem::path& path, std::string_view json) {
  base::PendingFile pending(path);
  const bool through = is_written_through(path);
  const bool saved = written(through ? path : pending.path(), json) && (through || !pending.commit());
  if (!saved) return bad_output(path, "cannot be written");
  return base::Done{};
}

}  // namespace piste::client
