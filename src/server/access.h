// Who may come in. With a file of tokens, those who bring one of them, in "Authorization: Bearer TOKEN" or,
// as browsers cannot set headers on a WebSocket, in "?token=TOKEN"; without, everyone. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "server/net.h"
#include "server/tokens.h"
#include "session/caller.h"

namespace piste::server {

// The token of a request; empty where it brings none. query: of its target, still percent-encoded.
std::string presented_token(const Request& request, std::string_view query);

// A peer that was let in.
struct Grant {
  session::Caller caller;
  std::optional<TokenHash> hash;  // of the token that it brought; nothing where none is asked for
};

class Access {
 public:
  // file: of tokens (tokens.h); empty: everyone is let in.
  explicit Access(std::filesystem::path file) : file_(std::move(file)) {}

  bool asks_for_tokens() const { return !file_.empty(); }
  // Reads the file, again if need be. After an error what was read before still holds.
  Result<base::Done> load();

  // Nothing: not let in.
  std::optional<Grant> grant(std::string_view token, std::string address) const;
  // Whether the peer would still be let in: the file may have been read again.
  bool holds(const Grant& grant) const;

 private:
  std::shared_ptr<const TokenList> tokens() const;

  const std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::shared_ptr<const TokenList> tokens_ = std::make_shared<TokenList>();  // guarded by mutex_
};

}  // namespace piste::server
