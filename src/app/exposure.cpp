#include "app/exposure.h"

namespace piste::app {
namespace {

constexpr const char* this_machine = "127.0.0.1";
constexpr const char* all_addresses = "0.0.0.0";

bool is_loopback(const std::string& host) {
  return host.starts_with("127.") || host == "::1" || host == "localhost";
}

}  // namespace

std::string listening_host(const std::optional<std::string>& chosen, bool tokens, bool insecure) {
  if (chosen) return *chosen;
  return tokens || insecure ? all_addresses : this_machine;
}

std::vector<std::string> exposure_warnings(const server::Options& options) {
  if (is_loopback(options.host)) return {};
  std::vector<std::string> warnings;
  if (options.tokens_file.empty()) {
    warnings.emplace_back(
        "Whoever reaches this port may use the service: no tokens are set. Set REFEREE_AUTH_TOKENS_FILE "
        "(`referee token` makes tokens), or listen on 127.0.0.1");
  }
  if (!options.tokens_file.empty() && options.tls_certificate.empty()) {
    warnings.emplace_back(
        "Tokens and pictures go over the network in the clear: set REFEREE_TLS_CERT and REFEREE_TLS_KEY "
        "(./dev tls "
        "makes a certificate), or put a proxy with TLS in front");
  }
  return warnings;
}

}  // namespace piste::app
