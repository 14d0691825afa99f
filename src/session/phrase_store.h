// What a session holds of its phrase: the folder, the frame log in it, and the analysis that reads the log.
// Taken apart by the reaper while a connection may still be storing a frame.
//
// Threads: store(), end() and finish() by one connection at a time; the others by any. dispose() once.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_budget.h"
#include "base/mutex.h"
#include "base/result.h"
#include "pipeline/engine.h"
#include "recording/frame_log.h"
#include "session/clean_films.h"
#include "session/phrase_folder.h"
#include "session/unfinished.h"
#include "types/frame.h"
#include "types/streaming_stats.h"

namespace piste::session {

// What stays of a phrase that is over.
enum class Keep {
  nothing,
  result,      // the folder; the frames as the rebuilt video, which holds the same pictures
  everything,  // for the next start
};

enum class StoreError {
  gone,     // dispose() was faster
  no_room,  // on the disk; the phrase is as it was
  failed    // the disk did not keep what it was given: nothing more is taken
};

class PhraseStore {
 public:
  // What it shares with all other phrases; outlives it.
  struct Shared {
    pipeline::Engine& engine;
    base::ByteBudget& memory;
    const Shelf& shelf;
    Unfinished& unfinished;
    CleanFilms& clean_films;
  };
  PhraseStore(Shared shared, PhraseFolder::Opened opened);

  // Once, and with what is in the log already; nothing happens when it has begun. settings.directory is
  // filled in.
  void begin_analysis(pipeline::PhraseSettings settings, pipeline::PhraseObserver observer);

  // The same of a bout.
  void begin_bout(pipeline::PhraseSettings settings, pipeline::BoutObserver observer);
  void tell(const types::box::Event& event, pipeline::Told by);
  std::vector<pipeline::BoutPhrase> phrases_from(int number) const;
  // A phrase of the bout has its result.
  void conclude_part(const pipeline::BoutPhrase& phrase);

  // On disk when it returns, and on its way to the analysis: with its bytes where the analysis will want them
  // soon and the memory budget has room for them, else it reads them back. bytes: the frame's, which points
  // to them; moved from only where they are kept, so that their buffer serves for the next frame.
  base::Result<base::Done, StoreError> store(types::EncodedFrame frame, types::Bytes&& bytes);
  // In the folder when it returns, as durable as the settings say, and so are the frames.
  base::Result<base::Done, StoreError> end(std::optional<std::int64_t> total_frames);
  base::Result<base::Done, StoreError> save_signal(std::string log);
  recording::Result<base::Done> begin_attempt();
  // nullopt when it was not saved.
  std::optional<std::string> saved_signal() const;
  std::vector<recording::Entry> entries() const;
  // Brings to the disk what was stored since the last time. An error: some of it will never be there.
  recording::Result<base::Done> sync();
  void finish(std::string scoring_log, const types::StreamingStats& streaming);

  const std::filesystem::path& path() const { return path_; }  // of the folder
  std::size_t memory_bytes() const { return *bytes_in_memory_; }
  std::size_t frames_waiting() const;
  // What the analysis looks at; null: nothing yet.
  std::shared_ptr<const types::Bytes> picture() const;

  // Whether the analysis lets other phrases go first.
  void stand_back(bool back);
  // Tells the analysis that nobody wants its result any more. Returns at once.
  void abandon();
  // Stops the analysis and waits for it, closes the log, and gives the folder back. outcome: with
  // Keep::result.
  void dispose(Keep keep, pipeline::Outcome outcome);

 private:
  // The bytes, counted in memory_bytes() as long as anybody keeps them.
  std::shared_ptr<const types::Bytes> hold(types::Bytes&& bytes) const;
  base::Result<base::Done, StoreError> append(recording::FrameLog& log, const types::EncodedFrame& frame)
      REQUIRES(storing_);
  template <class Start>
  void begin(pipeline::PhraseSettings settings, Start start);
  std::shared_ptr<recording::FrameLog> log() const;
  std::shared_ptr<pipeline::Phrase> phrase() const;
  base::Result<base::Done, StoreError> sync_with_the_end() const;

  const Shared shared_;
  // Until dispose(), which changes it with both; so either is enough to use it.
  std::unique_ptr<PhraseFolder> folder_;
  const std::filesystem::path path_;
  std::atomic<bool> shown_ = false;  // somebody wants films of it
  const std::shared_ptr<std::atomic<std::size_t>> bytes_in_memory_;

  base::Mutex storing_;                                     // held while something is written
  std::uint64_t next_disk_check_ GUARDED_BY(storing_) = 0;  // bytes of the log
  base::Mutex syncing_;                                     // held while the disk works
  std::uint64_t synced_ GUARDED_BY(syncing_) = 0;           // bytes of the log

  mutable base::Mutex mutex_;                                    // for moments only; locked after the others
  std::shared_ptr<recording::FrameLog> log_ GUARDED_BY(mutex_);  // none: disposed of
  std::shared_ptr<pipeline::Phrase> phrase_ GUARDED_BY(mutex_);  // after log_, which it reads
  std::shared_ptr<pipeline::Bout> bout_ GUARDED_BY(mutex_);      // the same one, where it is a bout
};

}  // namespace piste::session
