// The folder of one phrase: who holds it, what is in it, and which bytes may go when. docs/reliability.md has
// its stages and the order of every step. Nobody else knows the names of its files but the engine, which puts
// video and result there.
//
// Thread-safe. The disk outlives it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "recording/disk.h"
#include "recording/frame_log.h"
#include "session/folder_lock.h"
#include "session/job.h"
#include "session/registry.h"
#include "session/session_file.h"

namespace piste::session {

// Where the phrases' folders are, and when what is in them reaches the disk.
struct Shelf {
  recording::Disk& disk;
  std::filesystem::path path;
  Fsync fsync = Fsync::interval;
  std::uint64_t min_free_bytes = 0;
  std::chrono::seconds bout_kept{60};

  bool has_room() const;
  std::filesystem::path library() const { return path / ".library"; }  // what is about all phrases
};

class PhraseFolder {
 public:
  struct Opened;  // a folder and its frame log

  // A new phrase: its folder is held, its log is empty, its record is there (as durable as the shelf says).
  static recording::Result<Opened> create(const Shelf& shelf, const SessionRecord& record);
  // A new folder for an upload: removed at the next start unless conclude_upload() or put_job() has
  // succeeded.
  static recording::Result<std::unique_ptr<PhraseFolder>> create_for_upload(const Shelf& shelf);
  // Likewise, for one that another node has received into a folder of this name. An error where there is such
  // a folder here.
  static recording::Result<std::unique_ptr<PhraseFolder>> create_for_shared(const Shelf& shelf,
                                                                            const std::string& name);
  // One that is there. None: it is gone, or held by somebody else, here or in another service.
  static std::unique_ptr<PhraseFolder> take(const Shelf& shelf, const std::filesystem::path& path);
  // Whether create() makes such names.
  static bool is_name(std::string_view name);
  // What nobody needs to hold the folder for; none: not there.
  static std::optional<std::string> result_in(const std::filesystem::path& path);
  static std::optional<SessionRecord> peek(const std::filesystem::path& path);
  static std::optional<Job> job_in(const std::filesystem::path& path);
  static std::optional<std::string> people_in(const std::filesystem::path& path);
  // Whether there is something, even if it cannot be read.
  static bool has_people(const std::filesystem::path& path);
  // On the disk when it returns.
  static recording::Result<base::Done> put_people(const Shelf& shelf, const std::filesystem::path& path,
                                                  const std::string& json);
  static bool has_result(const std::filesystem::path& path);
  // Whether all of it is elsewhere too, with what people say; and all but that. A mark that is lost is no
  // harm: it is brought there again.
  static bool is_stored(const std::filesystem::path& path);
  static bool is_stored_but_for_people(const std::filesystem::path& path);
  // A film was made in this folder, or in that of a bout's phrase: it is to be brought, too.
  static void film_made(const std::filesystem::path& path);
  // What has come since all was elsewhere, beside what people say: names, one a line.
  static std::string come_since_stored(const std::filesystem::path& path);
  static void unmark_stored(const std::filesystem::path& path);
  // people: the time of what they said as it was brought; none: they said nothing.
  static bool mark_stored(const std::filesystem::path& path,
                          std::optional<std::filesystem::file_time_type> people);
  static std::optional<std::filesystem::file_time_type> people_time(const std::filesystem::path& path);
  static std::optional<std::filesystem::file_time_type> result_time(const std::filesystem::path& path);
  // Folders that were being removed when the process ended.
  static void remove_remains(const std::filesystem::path& shelf);

  ~PhraseFolder();
  PhraseFolder(const PhraseFolder&) = delete;
  PhraseFolder& operator=(const PhraseFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string name() const { return path_.filename().string(); }
  // None: an upload, or a folder whose record cannot be read.
  std::optional<SessionRecord> record() const;
  std::optional<Job> job() const;  // of an upload that is judged later
  std::optional<std::string> signal() const;
  std::filesystem::path signal_path() const;  // where an upload's log is put
  bool has_log() const;
  bool has_video() const;
  // Of an upload that was cut, or of a session that was not answered yet: nobody will ask for it.
  bool is_abandoned() const;
  recording::Result<std::unique_ptr<recording::FrameLog>> open_log() const;

  // Each as durable as the shelf says when it returns. A failure leaves what was there.
  recording::Result<base::Done> end(std::optional<std::int64_t> total_frames);
  recording::Result<base::Done> put_signal(std::string text);
  recording::Result<base::Done> put_result(const std::string& json);
  // An analysis after a restart begins; it was cut by an orderly stop, and does not count.
  recording::Result<base::Done> begin_attempt();
  void take_attempt_back();
  // What is not known to be on the disk is brought there. The log is not looked at.
  recording::Result<base::Done> sync();
  // The result is there. With the video too the frame log goes, but not before all that replaces it is known
  // to be on the disk, in every mode; without, the log stays and is the phrase's video.
  recording::Result<base::Done> conclude(bool with_video);
  // A phrase of a bout has its result in this folder of it: its files are brought to the disk, then its own
  // frames go, where there is a video.
  recording::Result<base::Done> conclude_part(const std::string& name, bool with_video);
  // An upload is judged later: its files and this are on the disk when it returns, in every mode.
  recording::Result<base::Done> put_job(const Job& job);
  // There will be no result: all goes but this, which says why.
  void give_up(const Job& job);
  // An upload's result and video are there.
  recording::Result<base::Done> conclude_upload(const SessionRecord& record);
  // All of it goes, at once for whoever looks.
  void remove();
  // Likewise, and when it returns no power cut brings it back.
  recording::Result<base::Done> remove_for_good();

 private:
  // A small file that is replaced. While a new content is not known to be on the disk it has a name of its
  // own
  // (".next", with a checksum), so that a power cut cannot cost what was there before.
  struct Slot {
    const char* name;
    bool exists = false;                 // under its own name
    std::optional<std::string> pending;  // the newest content, where it is not known to be on the disk
  };

  PhraseFolder(const Shelf& shelf, std::filesystem::path path, FolderLock lock);
  using Made = recording::Result<std::unique_ptr<PhraseFolder>>;
  static Made make(const Shelf& shelf);
  static Made marked_as_upload(Made made);
  void find_slot(Slot& slot) const;
  bool durable() const { return shelf_.fsync != Fsync::interval; }
  using Done = recording::Result<base::Done>;
  Done put(Slot& slot, std::string content) REQUIRES(mutex_);
  Done put(const SessionRecord& record) REQUIRES(mutex_);
  Done replace(const std::string& name, std::string_view content, bool synced) REQUIRES(mutex_);
  Done settle(Slot& slot) REQUIRES(mutex_);
  Done settle() REQUIRES(mutex_);
  Done sync_file(const std::filesystem::path& file) REQUIRES(mutex_);
  Done sync_names() REQUIRES(mutex_);
  Done sync_artifacts(const std::filesystem::path& folder) REQUIRES(mutex_);
  Done conclude_as(SessionRecord::Stage stage) REQUIRES(mutex_);

  const Shelf shelf_;
  const std::filesystem::path path_;
  const FolderLock lock_;  // given back last
  mutable base::Mutex mutex_;
  std::optional<SessionRecord> record_ GUARDED_BY(mutex_);
  Slot session_ GUARDED_BY(mutex_);
  Slot signal_ GUARDED_BY(mutex_);
  bool names_known_ GUARDED_BY(mutex_) = false;  // to be on the disk
  bool own_name_known_ GUARDED_BY(mutex_) = false;
};

struct PhraseFolder::Opened {
  std::unique_ptr<PhraseFolder> folder;
  std::unique_ptr<recording::FrameLog> log;
};

}  // namespace piste::session
