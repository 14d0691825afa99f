// Which web pages may speak to the service. A page is not a user: any page that somebody has open can reach
// this machine, and its browser brings along a proxy's password. But the browser says in Origin whose page it
// is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "server/net.h"

namespace piste::server {

class AllowedOrigins {
 public:
  AllowedOrigins() = default;
  // list: "https://club.example", "http://10.0.0.7:3000", "file://", "null" or "*", with commas between. The
  // error says what is none of them.
  static base::Result<AllowedOrigins, std::string> parse(std::string_view list);

  // origin: as a browser sends it.
  bool contains(std::string_view origin) const;
  bool contains_all() const { return all_; }
  const std::vector<std::string>& listed() const { return origins_; }

 private:
  bool all_ = false;
  std::vector<std::string> origins_;  // in small letters, without a port that is the scheme's own
};

// Whether the request comes from no page (it has no Origin), from a page of this machine (localhost, ::1,
// 127.0.0.0/8, any port), from one of the service's own host (its Host, any port), or from one in the list.
// "null", which a sandboxed frame of any page can be, only from the list. Precondition: its Host is one of
// the service's (hosts.h), or a trusted proxy's word.
bool from_allowed_page(const Request& request, const AllowedOrigins& allowed);

}  // namespace piste::server
