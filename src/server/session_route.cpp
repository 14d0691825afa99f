#include "server/session_route.h"

#include <algorithm>
#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>
#include <string>
#include <string_view>

#include "server/artifact_route.h"
#include "server/library_route.h"
#include "server/link_route.h"

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

// What is only read.
std::optional<Reply> read_reply(std::string_view what, const Request& request, const Target& target,
                                const session::SessionKey& key, const Service& service) {
  if (what == "/result") return result_of(key, service);
  if (what == "/keypoints" || what == "/curves")
    return file_of(key, std::string(what.substr(1)) + ".json", request, target, service);
  if (!what.starts_with(artifacts)) return std::nullopt;
  const auto name = decoded(what.substr(artifacts.size()));
  if (!name) return std::nullopt;
  return file_of(key, *name, request, target, service);
}

}  // namespace

std::optional<std::string> session_of(std::string_view path) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  return decoded(path.substr(0, path.find('/')));
}

std::optional<Reply> answer_session(const Request& request, const Target& target, std::string_view body,
                                    const std::string& owner, const Service& service) {
  const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
  const auto id = session_of(target.path);
  if (!id) return std::nullopt;
  const session::SessionKey key{owner, *id};
  const std::string_view rest = std::string_view(target.path).substr(prefix.size());
  const std::string_view what = rest.substr(std::min(rest.find('/'), rest.size()));
  if (what.empty() && request.method() == http::verb::patch) return patch_reply(request, body, key, service);
  if (what.empty() && request.method() == http::verb::delete_) return delete_reply(key, service);
  if (what.empty()) return reads ? state_of(key, service) : method_reply("GET, HEAD, PATCH, DELETE");
  if (what == "/human_verdict") return human_verdict_reply(request, body, key, service);
  if (what == "/links")
    return request.method() == http::verb::post ? link_reply(body, key, service) : method_reply("POST");
  auto answer = read_reply(what, request, target, key, service);
  return !answer || reads ? std::move(answer) : method_reply("GET, HEAD");
}

}  // namespace piste::server
