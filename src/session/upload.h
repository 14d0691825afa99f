// One POST /analyze: a video, and a scoring log where there is one, that are already on disk, analysed as a
// session of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "session/caller.h"
#include "session/job.h"
#include "session/registry.h"
#include "session/shared_jobs.h"
#include "types/lamp_places.h"
#include "types/marks.h"

namespace piste::session {

struct AdmittedUpload;

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
  std::vector<std::pair<std::string, std::string>> said = {};  // all of these, as they were sent
};

// Owns a place among the uploads on their way, with both files a seat, and a directory of its own, which is
// removed again if no analysis succeeds, unless it is kept.
class Upload {
 public:
  static base::Result<std::unique_ptr<Upload>, UploadError> begin(Registry& registry, TimePoint now,
                                                                  const Caller& caller = {},
                                                                  Judged judged = Judged::now);
  // One that is to be judged later, of an earlier run or of another service that is gone. Null: there is
  // none.
  static std::unique_ptr<Upload> take_kept(Registry& registry, TimePoint now);
  // The oldest of those that the nodes share, into a folder without its files. Null: there is none, or no
  // place for it. Waits for the database.
  static std::unique_ptr<Upload> take_shared(Registry& registry, TimePoint now);
  ~Upload();

  // Of the session that its result is known by.
  const std::string& id() const;
  const SessionKey& key() const;
  // Both files are here, and it is judged later, also by another run of the service: on the disk when it
  // returns.
  base::Result<base::Done, UploadError> keep(const UploadOptions& options);
  // As they were sent, of one that is kept.
  const std::vector<std::pair<std::string, std::string>>& options() const;
  // Of one that is kept: its film and its log, here or to be brought here.
  std::vector<std::filesystem::path> files() const;
  // Of one that is kept here: as the nodes would share it.
  SharedJob to_share() const;
  // They do: nothing of it stays here.
  void leave_to_nodes();
  // Of one that this node has taken; null: it was sent here, or to an earlier run.
  const SharedJob* shared() const;

  // Where the server streams the parts to. extension: of the uploaded file's name; only [a-z0-9]{1,5} is
  // used.
  std::filesystem::path video_path(std::string_view extension);
  std::filesystem::path signal_path() const;
  // Both files are here: takes a seat, or says why there is none; then it may be tried again.
  base::Result<base::Done, UploadError> take_seat();
  // Its owner may not come any more.
  bool ended() const;
  // Of one that is kept: there will be no result. Its files go, and why is known as long as results are.
  void fail(const std::string& why);
  // Takes a seat where it has none. Of one that is kept it is an attempt, which does not count where it is
  // cancelled. Blocks until the verdict; call it off the I/O threads. Returns the guide's result JSON.
  base::Result<std::string, UploadError> analyze(const UploadOptions& options,
                                                 const std::function<bool()>& cancelled);

 private:
  struct State;
  static std::unique_ptr<Upload> made(RegistryParts& parts, const Caller& caller, AdmittedUpload admitted);
  explicit Upload(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace piste::session
