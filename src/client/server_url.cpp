#include "client/server_url.h"

#include <openssl/evp.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <cstdint>

#include "base/number.h"
#include "base/text.h"

namespace piste::client {
namespace {

Error bad_url(std::string_view text, std::string_view why) {
  return {ErrorCode::usage, "server '" + base::escaped(text) + "': " + std::string(why) +
                                "; it should look like http://referee.example:8080"};
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
  const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
  out.resize(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), in, static_cast<int>(bytes.size())));
  return out;
}

// Decoded %xx may not smuggle line breaks into a header.
bool header_safe(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

bool is_port(const std::string& text) {
  return base::number_in<std::uint16_t>(text).value_or(0) > 0;
}

std::string default_port(bool tls) {
  return tls ? "443" : "80";
}

}  // namespace

std::string ServerUrl::host_header() const {
  const bool v6 = host.find(':') != std::string::npos;
  std::string out = host;
  if (v6) out = "[" + host + "]";
  if (port != default_port(tls)) out.append(":").append(port);
  return out;
}

std::string ServerUrl::shown(std::string_view path) const {
  const bool socket = path == "/stream";
  const std::string scheme = std::string(socket ? "ws" : "http") + (tls ? "s" : "");
  return base::escaped(scheme + "://" + host_header() + prefix + std::string(path));
}

Result<ServerUrl> parse_server_url(std::string_view text) {
  std::string full(text);
  if (full.find("://") == std::string::npos) full.insert(0, "http://");
  const auto parsed = boost::urls::parse_uri(full);
  if (!parsed) return bad_url(text, "not a URL");
  const boost::urls::url_view& url = *parsed;

  ServerUrl out;
  const std::string scheme(url.scheme());
  if (scheme == "https" || scheme == "wss") {
    out.tls = true;
  } else if (scheme != "http" && scheme != "ws") {
    return bad_url(text, "the scheme must be http, https, ws or wss");
  }
  out.host = std::string(url.host_address());
  if (out.host.empty()) return bad_url(text, "no host");
  if (!header_safe(out.host)) return bad_url(text, "not a host name");
  out.port = url.port().empty() ? default_port(out.tls) : std::string(url.port());
  out.prefix = std::string(url.encoded_path());
  // Boost.URL takes the x of "http://a:x" for a path.
  const bool stray = !out.prefix.empty() && out.prefix.front() != '/';
  if (stray || !is_port(out.port)) return bad_url(text, "not a port");
  while (!out.prefix.empty() && out.prefix.back() == '/') out.prefix.pop_back();
  if (url.has_query()) out.query = "?" + std::string(url.encoded_query());
  if (url.has_userinfo()) {
    out.authorization = "Basic " + base64(std::string(url.user()) + ":" + std::string(url.password()));
  }
  return out;
}

}  // namespace piste::client
