#include "store/place.h"

#include <boost/url/decode_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cstdint>
#include <sstream>

#include "base/file_text.h"
#include "base/number.h"
#include "base/text.h"

namespace piste::store {
namespace {

constexpr std::string_view tls_port = "443", plain_port = "80";

Error bad_url(std::string_view why) {
  return {ErrorCode::settings,
          "the store's URL: " + std::string(why) + "; it should look like https://s3.example/bucket"};
}

// The first value of this name.
std::string value_in(const std::string& text, std::string_view name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos || base::trimmed(std::string_view(line).substr(0, equals)) != name)
      continue;
    return std::string(base::trimmed(std::string_view(line).substr(equals + 1)));
  }
  return "";
}

// They go into header fields.
bool is_plain(std::string_view text) {
  for (const char c : text)
    if (c <= ' ' || c > '~') return false;
  return true;
}

Result<base::Done> read_keys(const std::filesystem::path& file, Place& place) {
  const auto text = base::file_text(file);
  if (!text)
    return Error{ErrorCode::settings, "the file of the store's keys (REFEREE_S3_CREDENTIALS) cannot be read"};
  place.access_key = value_in(*text, "aws_access_key_id");
  place.secret_key = value_in(*text, "aws_secret_access_key");
  place.session_token = value_in(*text, "aws_session_token");
  const bool all = !place.access_key.empty() && !place.secret_key.empty();
  if (all && is_plain(place.access_key) && is_plain(place.secret_key) && is_plain(place.session_token))
    return base::Done{};
  return Error{ErrorCode::settings,
               "the file of the store's keys needs a line aws_access_key_id = ... and a line "
               "aws_secret_access_key = ..."};
}

}  // namespace

std::string Place::host_field() const {
  const bool v6 = host.find(':') != std::string::npos;
  const std::string name = v6 ? "[" + host + "]" : host;
  return port == (tls ? tls_port : plain_port) ? name : name + ":" + port;
}

Result<Place> read_place(std::string_view url, std::string region, const std::filesystem::path& keys) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return bad_url("it is none");
  Place place;
  place.tls = parsed->scheme_id() == boost::urls::scheme::https;
  if (!place.tls && parsed->scheme_id() != boost::urls::scheme::http) return bad_url("it is not of https");
  if (parsed->has_userinfo()) return bad_url("keys do not belong into it, but into a file");
  if (parsed->has_query() || parsed->has_fragment()) return bad_url("nothing may come behind the bucket");
  place.host = std::string(parsed->host_address());
  if (place.host.empty() || !is_plain(place.host)) return bad_url("it has no host");
  place.port =
      parsed->has_port() ? std::string(parsed->port()) : std::string(place.tls ? tls_port : plain_port);
  if (base::number_in<std::uint16_t>(place.port).value_or(0) == 0) return bad_url("not a port");
  place.path = std::string(parsed->path());
  while (place.path.ends_with('/')) place.path.pop_back();
  place.region = std::move(region);
  if (const auto read = read_keys(keys, place); !read) return read.error();
  return place;
}

}  // namespace piste::store
