#include "server/session_route.h"

#include <algorithm>
#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>
#include <string>
#include <string_view>

#include "server/artifact_route.h"

namespace piste::server {
namespace {

using session::Status;

constexpr std::string_view prefix = "/sessions/";
constexpr std::string_view artifacts = "/artifacts/";

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

Reply file_of(const session::SessionKey& key, std::string_view name, const Request& request,
              const Target& target, const Service& service) {
  const auto directory = service.registry.directory(key);
  return directory ? artifact_reply(request, *directory, name, target.query) : unknown();
}

// One segment of a path; nullopt: it is none, or no text.
std::optional<std::string> decoded(std::string_view segment) {
  if (segment.empty() || segment.find('/') != std::string_view::npos) return std::nullopt;
  const auto encoded = boost::urls::make_pct_string_view(segment);
  return encoded ? std::optional(encoded->decode()) : std::nullopt;
}

}  // namespace

std::optional<Reply> answer_session(const Request& request, const Target& target, const std::string& owner,
                                    const Service& service) {
  std::string_view rest = target.path;
  if (!rest.starts_with(prefix)) return std::nullopt;
  rest.remove_prefix(prefix.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const auto id = decoded(rest.substr(0, slash));
  if (!id) return std::nullopt;
  const session::SessionKey key{owner, *id};
  const std::string_view what = rest.substr(slash);
  if (what.empty()) return state_of(key, service);
  if (what == "/result") return result_of(key, service);
  if (what == "/keypoints" || what == "/curves")
    return file_of(key, std::string(what.substr(1)) + ".json", request, target, service);
  if (!what.starts_with(artifacts)) return std::nullopt;
  const auto name = decoded(what.substr(artifacts.size()));
  if (!name) return std::nullopt;
  return file_of(key, *name, request, target, service);
}

}  // namespace piste::server
