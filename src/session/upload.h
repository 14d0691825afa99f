// One POST /analyze: a video, and a scoring log where there is one, that are already on disk, analysed as a
// session of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "session/caller.h"
#include "session/registry.h"
#include "types/lamp_places.h"
#include "types/marks.h"

namespace piste::session {

enum class UploadError {
  busy,       // too many sessions, disk short, shutting down: try later (503)
  too_many,   // of the caller's address in this hour (429)
  bad_log,    // not a scoring log (422)
  bad_video,  // FFmpeg cannot read it, or no frame in it (422)
  failed,     // analysis failed (500)
};

struct UploadOptions {
  bool include_keypoints = false;
  bool save_overlay = true;
  std::optional<types::Weapon> weapon;
  std::optional<types::LampPlaces> lamps;
  std::vector<types::Touch> hits;
  types::Marks marks;
};

// Owns a place among the uploads on their way, with both files a seat, and a directory of its own, which is
// removed again if no analysis succeeds.
class Upload {
 public:
  static base::Result<std::unique_ptr<Upload>, UploadError> begin(Registry& registry, TimePoint now,
                                                                  const Caller& caller = {});
  ~Upload();

  // Where the server streams the parts to. extension: of the uploaded file's name; only [a-z0-9]{1,5} is
  // used.
  std::filesystem::path video_path(std::string_view extension);
  std::filesystem::path signal_path() const;
  // Both files are here: takes a seat, or says why there is none; then it may be tried again.
  base::Result<base::Done, UploadError> take_seat();
  // Takes a seat where it has none. Blocks until the verdict; call it off the I/O threads. Returns the
  // guide's result JSON.
  base::Result<std::string, UploadError> analyze(const UploadOptions& options,
                                                 const std::function<bool()>& cancelled);

 private:
  struct State;
  explicit Upload(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace piste::session
