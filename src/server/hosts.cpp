#include "server/hosts.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/asio/ip/address.hpp>
#include <utility>

#include "server/net.h"

namespace piste::server {
namespace {

constexpr std::string_view after_scheme = "://";

bool is_address(const std::string& host) {
  error_code none;
  asio::ip::make_address(host, none);
  return !none;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

}  // namespace

std::string host_in(std::string_view text) {
  if (const std::size_t scheme = text.find(after_scheme); scheme != text.npos) {
    text.remove_prefix(scheme + after_scheme.size());
  }
  text =
      text.starts_with('[') ? text.substr(1, text.find(']') - 1) : text.substr(0, text.find_first_of(":/"));
  if (text.ends_with('.')) text.remove_suffix(1);
  return boost::algorithm::to_lower_copy(std::string(text), std::locale::classic());
}

bool is_this_machine(const std::string& host) {
  error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  if (!no_address) return address.is_loopback();
  return host == "localhost" || host.ends_with(".localhost");
}

base::Result<AllowedHosts, std::string> AllowedHosts::parse(std::string_view list) {
  AllowedHosts allowed;
  if (list.empty()) return allowed;
  std::vector<std::string> items;
  boost::algorithm::split(items, list, [](char c) { return c == ','; });
  for (std::string& item : items) {
    boost::algorithm::trim(item);
    boost::algorithm::to_lower(item, std::locale::classic());
    if (item == "*") {
      allowed.add_all();
    } else if (is_host_name(item)) {
      allowed.add(item);
    } else {
      return base::Error<std::string>{
          item, "names like referee.lan, without a scheme or port, or *, with commas between them"};
    }
  }
  return allowed;
}

void AllowedHosts::add(std::string_view name) {
  if (auto host = host_in(name); !host.empty()) names_.insert(std::move(host));
}

bool AllowedHosts::contains(std::string_view host) const {
  const std::string name = host_in(host);
  return all_ || is_address(name) || is_this_machine(name) || names_.contains(name);
}

std::vector<std::string> names_of_this_machine() {
  std::array<char, 256> own{};
  if (::gethostname(own.data(), own.size() - 1) != 0) return {};
  const std::string name(own.data());
  if (name.empty()) return {};
  const std::string first = name.substr(0, name.find('.'));
  return {name, first, first + ".local"};
}

}  // namespace piste::server
