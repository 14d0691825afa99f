#include "server/origins.h"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/url/parse.hpp>
#include <optional>

#include "server/hosts.h"

namespace piste::server {
namespace {

constexpr std::string_view after_scheme = "://";

std::string lower(std::string_view text) {
  return boost::algorithm::to_lower_copy(std::string(text), std::locale::classic());
}

// "file://", as boards and apps send it that open their page from a file. Web pages have a host.
bool is_without_host(const boost::urls::url_view& url) {
  const bool bare =
      url.has_authority() && url.encoded_authority().empty() && !url.has_query() && !url.has_fragment();
  const bool of_the_web =
      url.scheme() == "http" || url.scheme() == "https" || url.scheme() == "ws" || url.scheme() == "wss";
  return bare && !of_the_web && (url.encoded_path().empty() || url.encoded_path() == "/");
}

// An origin in its one spelling; nullopt where it is none.
std::optional<std::string> normalised(std::string_view text) {
  const std::string small = lower(text);
  const auto url = boost::urls::parse_uri(small);
  if (url && is_without_host(*url)) return std::string(url->scheme()).append(after_scheme);
  if (!url || url->encoded_host().empty() || url->has_userinfo() || url->has_query() || url->has_fragment())
    return std::nullopt;
  if (url->encoded_host().find('*') != std::string_view::npos) return std::nullopt;  // no patterns
  if (!url->encoded_path().empty() && url->encoded_path() != "/") return std::nullopt;
  const bool own_port =
      (url->scheme() == "http" && url->port() == "80") || (url->scheme() == "https" && url->port() == "443");
  const std::string port(own_port ? "" : url->port());
  std::string out = std::string(url->scheme()).append(after_scheme).append(url->encoded_host());
  if (!port.empty()) out.append(":").append(port);
  return out;
}

}  // namespace

base::Result<AllowedOrigins, std::string> AllowedOrigins::parse(std::string_view list) {
  AllowedOrigins allowed;
  if (list.empty()) return allowed;
  std::vector<std::string> items;
  boost::algorithm::split(items, list, [](char c) { return c == ','; });
  for (std::string& item : items) {
    boost::algorithm::trim(item);
    if (item == "*") {
      allowed.all_ = true;
    } else if (item == "null") {
      allowed.origins_.emplace_back(item);
    } else if (auto origin = normalised(item)) {
      allowed.origins_.push_back(std::move(*origin));
    } else {
      return base::Error<std::string>{
          item, "origins like https://club.example, file://, null or *, with commas between them"};
    }
  }
  return allowed;
}

bool AllowedOrigins::contains(std::string_view origin) const {
  const auto lists = [&](std::string_view one) {
    return std::find(origins_.begin(), origins_.end(), one) != origins_.end();
  };
  const std::string spelled = normalised(origin).value_or(std::string(origin));
  // A page that was opened as a file is null in browsers and file:// elsewhere.
  return all_ || lists(spelled) || (spelled == "file://" && lists("null"));
}

bool from_allowed_page(const Request& request, const AllowedOrigins& allowed) {
  const auto may = [&](std::string_view origin) {
    const std::string host = host_in(origin);
    const bool own = !host.empty() && host == host_in(request[http::field::host]);
    return own || is_this_machine(host) || allowed.contains(origin);
  };
  const auto [first, last] = request.equal_range(http::field::origin);
  return std::all_of(first, last, [&](const auto& field) { return may(field.value()); });
}

}  // namespace piste::server
