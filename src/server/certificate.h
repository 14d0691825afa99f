// The certificate that the service shows to clients, and its key. Thread-safe; read again on SIGHUP:
// connections that are open keep the one that they began with.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "server/error.h"
#include "server/net.h"

namespace piste::server {

class Certificate {
 public:
  // PEM files; chain: the certificate, then those that it is signed with. Both empty: no TLS.
  Certificate(std::filesystem::path chain, std::filesystem::path key)
      : chain_(std::move(chain)), key_(std::move(key)) {}

  bool in_use() const { return !chain_.empty() || !key_.empty(); }
  // Reads both, again if need be. After an error what was read before still holds.
  Result<base::Done> load();
  // Precondition: in_use(), and load() has succeeded.
  std::shared_ptr<asio::ssl::context> context() const;
  // Whether it was made out to this name; not where there is no TLS.
  bool names(const std::string& host) const;
  // In DER form, of the authority that signed it, where the chain ends with it, as that of a club's own does.
  // Nothing: it is one that browsers know.
  std::optional<std::string> authority() const;

 private:
  const std::filesystem::path chain_;
  const std::filesystem::path key_;
  mutable base::Mutex mutex_;
  std::shared_ptr<asio::ssl::context> context_ GUARDED_BY(mutex_);
};

}  // namespace piste::server
