#include "server/cors.h"

namespace piste::server {

bool is_preflight(const Request& request) {
  return request.method() == http::verb::options && request.count(http::field::origin) > 0 &&
         request.count(http::field::access_control_request_method) > 0;
}

Reply preflight_reply() {
  Reply reply;
  reply.status = http::status::no_content;
  const auto add = [&](http::field field, std::string_view value) {
    reply.fields.emplace_back(field, value);
  };
  add(http::field::access_control_allow_methods, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  add(http::field::access_control_allow_headers,
      "authorization, content-type, range, if-match, if-none-match, if-range, prefer");
  add(http::field::access_control_max_age, "86400");
  return reply;
}

void allow_reading(http::fields& response, const Request& request) {
  const auto origin = request[http::field::origin];
  response.set(http::field::access_control_allow_origin, origin.empty() ? "*" : origin);
  response.set(http::field::vary, "Origin");
  response.set(http::field::access_control_expose_headers,
               "Retry-After, ETag, Content-Range, Accept-Ranges, Location");
}

}  // namespace piste::server
