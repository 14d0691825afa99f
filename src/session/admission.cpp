#include "session/admission.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"

namespace piste::session {
namespace {

using Error = base::Error<AdmissionError>;

constexpr double lowest_fps = 1;
constexpr double highest_fps = 1000;
constexpr int smallest_side = 16;  // pixels

std::string range_text(const char* name, std::int64_t low, std::int64_t high) {
  return std::string(name) + " must be from " + std::to_string(low) + " to " + std::to_string(high);
}

bool within(std::int64_t value, std::int64_t low, std::int64_t high) {
  return value >= low && value <= high;
}

// What is wrong with the numbers; empty if nothing is.
std::string unsuitable(const protocol::SessionStart& start, const Limits& limits) {
  if (!(start.fps >= lowest_fps && start.fps <= highest_fps)) return "fps must be from 1 to 1000";
  if (!within(start.width, smallest_side, limits.max_width)) {
    return range_text("width", smallest_side, limits.max_width);
  }
  if (!within(start.height, smallest_side, limits.max_height)) {
    return range_text("height", smallest_side, limits.max_height);
  }
  if (start.expected_frames && !within(*start.expected_frames, 1, limits.max_frames)) {
    return range_text("expected_frames", 1, limits.max_frames);
  }
  return {};
}

// A first frame must fit, at the size that a compressed picture usually has.
bool memory_has_room(base::ByteBudget& memory, const protocol::SessionStart& start) {
  const auto pixels = static_cast<std::size_t>(start.width) * static_cast<std::size_t>(start.height);
  const std::size_t first_frame = std::max<std::size_t>(pixels / 8, 64 << 10);
  return memory.try_acquire(std::min(first_frame, memory.limit() / 4)).has_value();
}

struct Storage {
  PhraseDirectory directory;
  std::unique_ptr<recording::FrameLog> log;
};

base::Result<Storage, AdmissionError> make_storage(const Limits& limits,
                                                   const protocol::SessionStart& start) {
  auto directory = PhraseDirectory::create(limits.output_dir);
  if (!directory) return Error{AdmissionError::failed, "The server cannot make a folder for the phrase"};
  auto log =
      recording::FrameLog::create(directory->path() / frame_log_name, {start.width, start.height, start.fps});
  if (!log) return Error{AdmissionError::failed, "The server cannot store frames: " + log.error().message};
  return Storage{std::move(*directory), std::move(*log)};
}

std::string describe(const protocol::SessionStart& start, const PhraseDirectory& directory) {
  std::string text =
      "session started: " + std::to_string(start.width) + "x" + std::to_string(start.height) + ", ";
  if (start.expected_frames) text += std::to_string(*start.expected_frames) + " frames expected, ";
  return text + "stored in " + directory.name();
}

}  // namespace

base::Result<std::shared_ptr<Session>, AdmissionError> admit(RegistryState& registry, const Caller& caller,
                                                             const protocol::SessionStart& start,
                                                             const std::shared_ptr<Channel>& channel,
                                                             TimePoint now) {
  if (auto problem = unsuitable(start, registry.limits); !problem.empty()) {
    return Error{AdmissionError::unsuitable, std::move(problem)};
  }
  auto seat = registry.take_seat(caller, start.session_id);
  if (!seat) return Error{AdmissionError::refused, seat.error().message};
  if (!memory_has_room(registry.memory, start)) {
    return Error{AdmissionError::refused, "Maximum memory limit reached"};
  }
  if (!registry.disk_has_room()) return Error{AdmissionError::refused, "Not enough disk space on the server"};
  auto storage = make_storage(registry.limits, start);
  if (!storage) return storage.error();
  const std::string description = describe(start, storage->directory);
  const auto session =
      std::make_shared<Session>(registry, start, std::move(*seat), std::move(storage->directory),
                                std::move(storage->log), channel, now);
  session->begin_analysis();
  registry.seat({caller.owner, start.session_id}, session, nullptr);
  base::log::info(start.session_id, description);
  return session;
}

}  // namespace piste::session
