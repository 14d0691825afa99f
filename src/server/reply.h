// An HTTP answer, before it is written.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/byte_range.h"
#include "server/net.h"
#include "server/readable.h"
#include "server/role.h"

namespace piste::server {

struct Reply {
  http::status status = http::status::ok;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<http::field, std::string>> fields = {};
  std::vector<std::pair<std::string_view, std::string_view>> named_fields =
      {};                                     // that Beast has no field for
  bool for_pages = true;                      // a page of another origin may read it
  std::shared_ptr<const Readable> file = {};  // instead of `body`: these bytes of it
  ByteRange bytes = {};
};

// Now, as the Date header has it.
std::string http_date();

Reply json_reply(const boost::json::object& body, http::status status = http::status::ok);
// {"status":"error","error":...,"detail":...}: `detail` is where clients of the predecessor look.
Reply error_reply(http::status status, std::string_view message);
// Whether reading failed because of what the peer sent, not because it went.
bool is_malformed(error_code reason);
// 503 with Retry-After: try again later.
Reply busy_reply(std::string_view message);
// 401: a token is needed, and none came or it is not a good one.
Reply unauthorized_reply();
// 403: not by this role.
Reply role_reply(Role role);
// 403: a web page of another origin, and what would let it in.
Reply foreign_page_reply(std::string_view origin);
// 403: a name that is none of the service's.
Reply foreign_host_reply();
// 429 with Retry-After.
Reply too_many_reply(std::string_view message, std::chrono::seconds wait);
// 405 with Allow. allowed: as in the header, "GET, HEAD".
Reply method_reply(std::string_view allowed);

}  // namespace piste::server
