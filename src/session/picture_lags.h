// By how much the picture of each piste lags its box, as bouts have measured it: for the next bout there,
// also after a restart. It is the camera's, so it belongs to the owner who films. Thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "types/picture_lag.h"

namespace piste::session {

class PictureLags {
 public:
  using Key = std::pair<std::string, std::string>;  // owner, piste
  static constexpr std::size_t most = 256;

  // file: where they are kept; its folder need not be there.
  explicit PictureLags(std::filesystem::path file);

  std::optional<types::PictureLag> of(const std::string& owner, const std::string& piste) const;
  // In the file when it returns, unless the disk takes nothing.
  void measured(const std::string& owner, const std::string& piste, const types::PictureLag& lag);

 private:
  void read();
  void write() const REQUIRES(mutex_);

  const std::filesystem::path file_;
  mutable base::Mutex mutex_;
  std::map<Key, types::PictureLag> lags_ GUARDED_BY(mutex_);
};

}  // namespace piste::session
