// The files of phrases that are over, outside of this machine: they are brought there, found there when their
// folder is gone, and removed with their phrase. Thread-safe; all but the construction waits for the network
// or the disk.
#pragma once

#include <filesystem>
#include <stop_token>
#include <vector>

#include "store/outbox.h"

namespace piste::store {

class Store {
 public:
  // For whom somebody waits: soon, or not at all.
  static constexpr Bucket::Options in_haste{
      .tries = 1, .limit = std::chrono::milliseconds(5'000), .rest = std::chrono::milliseconds(2'000)};

  Store(Place place, Outbox::Options options, const Bucket::Options& asking = in_haste)
      : bucket_(place), asked_(std::move(place), asking), outbox_(bucket_, std::move(options)) {}

  const Bucket& bucket() const { return asked_; }
  // Of the newest phrase of this id; an error of code missing: none is known.
  Result<Manifest> find(const session::SessionKey& key) const;
  // Of the phrase in this folder.
  Result<Manifest> find_folder(const std::string& folder) const;
  // The files of an upload that any node may judge, under the names that they will have as the phrase's:
  // there, and into the folder from there. Those that are not there are no fault.
  Result<base::Done> put_upload(const std::vector<std::filesystem::path>& files,
                                const std::stop_token& stop) const;
  Result<base::Done> fetch_upload(const std::vector<std::filesystem::path>& files,
                                  const std::stop_token& stop) const;
  // See Outbox.
  bool forget(const session::SessionKey& key, const std::string& folder) const {
    return outbox_.forget(key, folder);
  }
  void recall(const std::string& folder) const { outbox_.recall(folder); }

 private:
  Result<Manifest> read(const std::string& key) const;

  const Bucket bucket_;  // for the outbox
  const Bucket asked_;   // for whoever asks
  const Outbox outbox_;
};

}  // namespace piste::store
