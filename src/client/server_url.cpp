#include "client/server_url.h"

#include <openssl/evp.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <cstdint>

#include "base/number.h"
#include "base/text.h"

namespace piste::client {
namespace {

constexpr std::string_view stream_path = "/stream";

// Without user and password, which others may see here.
std::string without_secrets(std::string_view text) {
  const std::size_t scheme = text.find("://");
  const std::size_t begin = scheme == text.npos ? 0 : scheme + 3;
  const std::size_t end = text.find_last_of('@', text.find('?'));
  std::string out(text.substr(0, text.find('?')));
  if (end != text.npos && end >= begin) out.replace(begin, end - begin, "...");
  return out;
}

Error bad_url(std::string_view text, std::string_view why) {
  return {ErrorCode::usage, "server '" + base::escaped(without_secrets(text)) + "': " + std::string(why) +
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

// What stands before the guide's own paths. The guide's wss://HOST/stream is a server's URL too.
std::string prefix_of(std::string_view path) {
  const auto trim = [&] {
    while (path.ends_with('/')) path.remove_suffix(1);
  };
  trim();
  if (path.ends_with(stream_path)) path.remove_suffix(stream_path.size());
  trim();
  return std::string(path);
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
  const bool socket = path == stream_path;
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
  const std::string scheme = boost::to_lower_copy(std::string(url.scheme()));
  if (scheme == "https" || scheme == "wss") {
    out.tls = true;
  } else if (scheme != "http" && scheme != "ws") {
    return bad_url(text, "the scheme must be http, https, ws or wss");
  }
  out.host = std::string(url.host_address());
  if (out.host.empty()) return bad_url(text, "no host");
  if (!header_safe(out.host)) return bad_url(text, "not a host name");
  out.port = url.port().empty() ? default_port(out.tls) : std::string(url.port());
  const std::string path(url.encoded_path());
  // Boost.URL takes the x of "http://a:x" for a path.
  const bool stray = !path.empty() && path.front() != '/';
  if (stray || !is_port(out.port)) return bad_url(text, "not a port");
  out.prefix = prefix_of(path);
  if (url.has_query()) out.query = "?" + std::string(url.encoded_query());
  if (url.has_userinfo()) {
    out.authorization = "Basic " + base64(std::string(url.user()) + ":" + std::string(url.password()));
  }
  return out;
}

}  // namespace piste::client
