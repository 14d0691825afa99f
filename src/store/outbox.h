// Brings the files of phrases that are over into the bucket, on a thread of its own of the lowest priority.
// What is there already is marked in the phrase's folder, an upload that has failed where nothing of it is
// there; all else is taken up again by the next run. What is to be removed from the bucket is a small file of
// the shelf's library until it is.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "session/caller.h"
#include "store/bucket.h"
#include "store/manifest.h"

namespace piste::store {

class Outbox {
 public:
  struct Options {
    std::filesystem::path shelf;  // of the phrases' folders
    std::chrono::milliseconds look_interval{5'000};
    std::chrono::milliseconds longest_wait{300'000};  // for a bucket that cannot be reached
  };
  // The bucket outlives it.
  Outbox(const Bucket& bucket, Options options);
  ~Outbox();  // what has begun is begun anew by the next run

  // Once the phrase's folder is gone, so are its files in the bucket, as soon as that can be reached. Noted
  // before the folder goes, so that a power cut brings nothing back. False: the disk does not take the note.
  bool forget(const session::SessionKey& key, const std::string& folder) const;
  // The phrase was not removed after all.
  void recall(const std::string& folder) const;
  bool forgets(const std::string& folder) const;

 private:
  void run(const std::stop_token& stop);
  Result<base::Done> look_safely(const std::stop_token& stop);
  Result<base::Done> look(const std::stop_token& stop);
  Result<base::Done> bring(const std::filesystem::path& folder, const std::stop_token& stop);
  Result<base::Done> clear(const std::filesystem::path& folder, const session::SessionKey& key,
                           const std::stop_token& stop);
  Result<base::Done> point(const session::SessionKey& key, const Manifest& manifest,
                           const std::stop_token& stop);
  Result<base::Done> remove_forgotten(const std::stop_token& stop);
  Result<base::Done> remove(const session::SessionKey& key, const std::string& folder,
                            const std::stop_token& stop);
  std::filesystem::path notes() const { return options_.shelf / ".library" / "forget"; }

  const Bucket& bucket_;
  const Options options_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace piste::store
