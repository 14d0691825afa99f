// The files of phrases that are over, outside of this machine: they are brought there, found there when their
// folder is gone, and removed with their phrase. Thread-safe; all but the construction waits for the network
// or the disk.
#pragma once

#include "store/outbox.h"

namespace piste::store {

class Store {
 public:
  Store(Place place, Outbox::Options options)
      : bucket_(std::move(place)), outbox_(bucket_, std::move(options)) {}

  const Bucket& bucket() const { return bucket_; }
  // Of the newest phrase of this id; an error of code missing: none is known.
  Result<Manifest> find(const session::SessionKey& key) const;
  // See Outbox.
  bool forget(const session::SessionKey& key, const std::string& folder) const {
    return outbox_.forget(key, folder);
  }
  void recall(const std::string& folder) const { outbox_.recall(folder); }

 private:
  const Bucket bucket_;
  const Outbox outbox_;
};

}  // namespace piste::store
