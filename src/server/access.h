// Who may come in. With a file of tokens, those who bring one of them, in "Authorization: Bearer TOKEN", as
// the password of "http://name:TOKEN@host", which every client knows, or, as browsers cannot set headers on a
// WebSocket, in "?token=TOKEN"; without, everyone. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "server/devices.h"
#include "server/net.h"
#include "server/tokens.h"
#include "session/caller.h"

namespace piste::server {

// The tokens of a request, at least one, which is empty where it brings none: of "Authorization: Bearer", or
// else the password of "Authorization: Basic", whoever the user is, and the query's. query: of its target,
// still percent-encoded. password_counts: false for a page that is not welcome, as browsers send passwords by
// themselves.
std::vector<std::string> presented_tokens(const Request& request, std::string_view query,
                                          bool password_counts);

// A peer that was let in.
struct Grant {
  session::Caller caller;
  std::optional<TokenHash> hash;  // of the token that it brought; nullopt where none is asked for
  Role role = Role::owner;
  std::string folder = {};  // of the one phrase that it may see; empty: all
};

class Access {
 public:
  // file: of tokens (tokens.h); empty: everyone is let in. devices: outlive it.
  Access(std::filesystem::path file, Devices& devices) : file_(std::move(file)), devices_(devices) {}

  bool asks_for_tokens() const { return !file_.empty(); }
  // Reads the file, again if need be. After an error what was read before still holds.
  Result<base::Done> load();

  // nullopt: not let in.
  std::optional<Grant> grant(std::string_view token, std::string address) const;
  // Whether the peer would still be let in: the file may have been read again.
  bool holds(const Grant& grant) const;
  // Whether there is a token of this name, still.
  bool knows(const std::string& name) const;

 private:
  std::shared_ptr<const TokenList> tokens() const;
  std::optional<Token> find(const TokenHash& hash) const;

  const std::filesystem::path file_;
  Devices& devices_;
  mutable base::Mutex mutex_;
  std::shared_ptr<const TokenList> tokens_ GUARDED_BY(mutex_) = std::make_shared<TokenList>();
};

}  // namespace piste::server
