#include "server/reply.h"

#include <array>
#include <boost/beast/http/error.hpp>
#include <boost/json/object.hpp>
#include <ctime>

#include "base/json_text.h"
#include "server/origins.h"

namespace piste::server {

Reply json_reply(const boost::json::object& body, http::status status) {
  return {.status = status, .body = base::json_text(body)};
}

Reply error_reply(http::status status, std::string_view message) {
  return json_reply({{"status", "error"}, {"error", message}, {"detail", message}}, status);
}

bool is_malformed(error_code reason) {
  return reason.category() == http::make_error_code(http::error::bad_method).category() &&
         reason != http::error::end_of_stream && reason != http::error::partial_message;
}

Reply busy_reply(std::string_view message) {
  Reply reply = error_reply(http::status::service_unavailable, message);
  reply.fields.emplace_back(http::field::retry_after, "5");
  return reply;
}

Reply too_many_reply(std::string_view message, std::chrono::seconds wait) {
  Reply reply = error_reply(http::status::too_many_requests, message);
  reply.fields.emplace_back(http::field::retry_after, std::to_string(wait.count()));
  return reply;
}

Reply unauthorized_reply() {
  Reply reply =
      error_reply(http::status::unauthorized,
                  "A valid token is needed: \"Authorization: Bearer TOKEN\", the token as the password of "
                  "http://name:TOKEN@host, or \"?token=TOKEN\"");
  reply.fields.emplace_back(http::field::www_authenticate, "Bearer realm=\"piste\"");
  return reply;
}

Reply role_reply(Role role) {
  return error_reply(http::status::forbidden,
                     "A token of the role " + std::string(to_string(role)) + " may not do that");
}

Reply foreign_page_reply(std::string_view origin) {
  const bool listable = !origin.empty() && AllowedOrigins::parse(origin).ok();
  std::string message = "This service does not take requests from pages of ";
  message += listable ? "the origin " + std::string(origin) : "this origin";
  message +=
      ": open the page from this machine (http://localhost), or add its origin to REFEREE_ALLOWED_ORIGINS";
  if (listable) message.append(" (REFEREE_ALLOWED_ORIGINS=").append(origin).append(")");
  Reply reply = error_reply(http::status::forbidden, message);
  reply.for_pages = false;
  return reply;
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), length};
}

Reply foreign_host_reply() {
  Reply reply = error_reply(http::status::forbidden,
                            "This service does not answer to the name in Host: use its address, or add the "
                            "name to REFEREE_ALLOWED_HOSTS");
  reply.for_pages = false;
  return reply;
}

Reply method_reply(std::string_view allowed) {
  Reply reply =
      error_reply(http::status::method_not_allowed, "Method not allowed here; use " + std::string(allowed));
  reply.fields.emplace_back(http::field::allow, allowed);
  return reply;
}

}  // namespace piste::server
