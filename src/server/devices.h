// The devices that were paired: the hashes of their tokens, in a file of the service's own. Thread-safe.
#pragma once

#include <ctime>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "server/error.h"
#include "server/tokens.h"

namespace piste::server {

struct Device {
  Token token;                           // name: of the owner who paired it
  std::string description;               // for people
  std::string paired;                    // UTC, "2026-11-28T18:30:00Z"
  std::optional<std::time_t> seen = {};  // when it last came, since the service began

  std::string id() const;  // the beginning of the hash
};

class Devices {
 public:
  static constexpr std::size_t most = 200;  // of a name

  explicit Devices(std::filesystem::path file);

  std::optional<Token> find(const TokenHash& hash) const;
  std::vector<Device> of(const std::string& name) const;
  bool full(const std::string& name) const { return of(name).size() >= most; }
  // It was let in.
  void saw(const TokenHash& hash, std::time_t now);

  enum class Change {
    stored,
    unknown,
    not_stored
  };  // on the disk; there is no such device; the disk refused
  Change add(Device device);
  Change remove(const std::string& name, const std::string& id);

 private:
  Change change(const std::function<bool(std::vector<Device>&)>& make);
  std::vector<Device> all() const;
  bool store(const std::vector<Device>& devices) const;

  const std::filesystem::path file_;
  bool readable_ = true;  // else the file is not written over
  base::Mutex changing_;  // held while the file is written
  mutable base::Mutex mutex_;
  std::vector<Device> devices_ GUARDED_BY(mutex_);
  std::map<TokenHash, std::time_t> seen_ GUARDED_BY(mutex_);
};

}  // namespace piste::server
