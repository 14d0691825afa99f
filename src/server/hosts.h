// Which names the service answers to where it asks for no tokens. A stranger can make a name of theirs lead
// to any address that a browser reaches (DNS rebinding): to the browser their page then is one of the
// service's own, and may read and write. But the browser says in Host which name it was, and an address
// cannot be made to lead elsewhere.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace piste::server {

// Of "http://host:port" or "host:port": without brackets and the dot at the end, in small letters.
std::string host_in(std::string_view text);
// localhost, a name under it, or an address of the loopback network; host: as host_in() gives it.
bool is_this_machine(const std::string& host);

class AllowedHosts {
 public:
  AllowedHosts() = default;
  // list: "referee.lan,club.example", or "*", with commas between. The error says what is none of them.
  static base::Result<AllowedHosts, std::string> parse(std::string_view list);

  void add(std::string_view name);
  void add_all() { all_ = true; }
  // Addresses and this machine's localhost are always among them. host: as in a request, with or without a
  // port.
  bool contains(std::string_view host) const;

 private:
  bool all_ = false;
  std::set<std::string> names_;
};

// As the system calls itself, alone and under the .local of mDNS. Asks no name server.
std::vector<std::string> names_of_this_machine();

}  // namespace piste::server
