#include "server/session_route.h"

#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>
#include <string_view>

namespace piste::server {
namespace {

using session::Status;

constexpr std::string_view prefix = "/sessions/";
constexpr std::string_view result_suffix = "/result";

Reply unknown() {
  return error_reply(http::status::not_found, "No session of this id is known here");
}

Reply state_of(const session::SessionKey& key, const Service& service) {
  const Status status = service.registry.status(key, std::chrono::steady_clock::now());
  if (status.kind == Status::Kind::unknown) return unknown();
  return {.body = status.json};
}

Reply result_of(const session::SessionKey& key, const Service& service) {
  auto result = service.registry.result(key);
  if (result) return {.body = std::move(*result)};
  switch (result.error().code) {
    case Status::Kind::processing: {
      Reply reply = error_reply(http::status::accepted, result.error().message);
      reply.fields.emplace_back(http::field::retry_after, "1");
      return reply;
    }
    case Status::Kind::receiving:
      return error_reply(http::status::conflict, result.error().message);
    case Status::Kind::failed:
      return error_reply(http::status::internal_server_error, result.error().message);
    case Status::Kind::unknown:
    case Status::Kind::complete:
      break;
  }
  return unknown();
}

}  // namespace

std::optional<Reply> answer_session(const std::string& path, const std::string& owner,
                                    const Service& service) {
  std::string_view id = path;
  if (!id.starts_with(prefix)) return std::nullopt;
  id.remove_prefix(prefix.size());
  const bool wants_result = id.ends_with(result_suffix);
  if (wants_result) id.remove_suffix(result_suffix.size());
  if (id.empty() || id.find('/') != std::string_view::npos) return std::nullopt;
  const auto encoded = boost::urls::make_pct_string_view(id);
  if (!encoded) return std::nullopt;
  const session::SessionKey key{owner, encoded->decode()};
  return wants_result ? result_of(key, service) : state_of(key, service);
}

}  // namespace piste::server
