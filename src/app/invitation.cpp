#include "app/invitation.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <array>
#include <memory>

#include "server/qr_code.h"

namespace piste::app {
namespace {

constexpr int quiet = 2;  // modules around the code: four are the standard, two suffice on a screen
constexpr const char* any_address = "//0.0.0.0:";

bool is_this_machine(const std::string& url) {
  return url.find("//127.") != std::string::npos || url.find("//localhost") != std::string::npos ||
         url.find("//[::1]") != std::string::npos;
}

}  // namespace

std::string qr_code(const std::string& text) {
  const server::QrCode code(text);
  std::string out;
  for (int y = -quiet; y < code.width() + quiet; y += 2) {
    for (int x = -quiet; x < code.width() + quiet; ++x) {
      const bool upper = !code.dark(x, y);
      const bool lower = !code.dark(x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += "\n";
  }
  return out;
}

std::vector<std::string> network_addresses() {
  ifaddrs* listed = nullptr;
  if (::getifaddrs(&listed) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(listed, ::freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* one = listed; one; one = one->ifa_next) {
    if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET || (one->ifa_flags & IFF_LOOPBACK)) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* address = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
    if (::inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size()))
      addresses.emplace_back(text.data());
  }
  return addresses;
}

std::string invitation(const std::string& url, const std::vector<std::string>& addresses) {
  std::string page = url + "/";
  if (const auto at = page.find(any_address); at != std::string::npos && !addresses.empty()) {
    page.replace(at + 2, std::string("0.0.0.0").size(), addresses.front());
  }
  std::string out = "The page: " + page + "\n";
  if (is_this_machine(url)) {
    return out + "It is for browsers of this machine; docs/phones.md says how phones come in\n";
  }
  out += qr_code(page);
  if (page.starts_with("http:")) {
    out += "A phone films on https only: ./dev tls makes a certificate (docs/phones.md)\n";
  } else {
    out += "A phone comes to trust a certificate of ./dev tls at http" +
           page.substr(std::string("https").size()) + "trust\n";
  }
  return out;
}

}  // namespace piste::app
