// The devices that were paired: the hashes of their tokens, in a file of the service's own; when they were
// here last is in another, whose loss harms nobody. Thread-safe.
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
  std::optional<std::time_t> seen = {};  // when it last came

  std::string id() const;  // the beginning of the hash
};

class Devices {
 public:
  static constexpr std::size_t most = 200;  // of a name

  // seen_file: beside it.
  Devices(std::filesystem::path file, std::filesystem::path seen_file);
  ~Devices() { keep_seen(); }
  Devices(const Devices&) = delete;
  Devices& operator=(const Devices&) = delete;

  std::optional<Token> find(const TokenHash& hash) const;
  std::vector<Device> of(const std::string& name) const;
  bool full(const std::string& name) const { return of(name).size() >= most; }
  // It was let in.
  void saw(const TokenHash& hash, std::time_t now);
  // Brings to the disk when they were here, where that is news. Now and then, and at the end.
  void keep_seen();

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

  const std::filesystem::path file_, seen_file_;
  bool readable_ = true;  // else the file is not written over
  base::Mutex changing_;  // held while the file is written
  mutable base::Mutex mutex_;
  std::vector<Device> devices_ GUARDED_BY(mutex_);
  std::map<std::string, std::time_t> seen_ GUARDED_BY(mutex_);  // by the hash in hexadecimal digits
  bool seen_anew_ GUARDED_BY(mutex_) = false;
};

}  // namespace piste::server
