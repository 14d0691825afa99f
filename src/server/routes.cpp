#include "server/routes.h"

#include <array>
#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>
#include <optional>
#include <vector>

#include "server/about_route.h"
#include "server/clip_route.h"
#include "server/frame_route.h"
#include "server/library_route.h"
#include "server/link_route.h"
#include "server/look_route.h"
#include "server/metrics.h"
#include "server/pair_route.h"
#include "server/session_route.h"
#include "server/trust_route.h"

namespace piste::server {
namespace {

using http::verb;

constexpr Roles all{Role::camera, Role::viewer, Role::referee, Role::owner};
constexpr Roles films{Role::camera, Role::owner};
constexpr Roles reads{Role::viewer, Role::referee, Role::owner};
constexpr Roles judges{Role::referee, Role::owner};
constexpr Roles owns{Role::owner};

Reply metrics_reply(const Question& asked) {
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_text(asked.service)};
}

Reply stats_reply(const Question& asked) {
  const std::string scope = parameter_in(asked.target.query, "scope");
  const auto now = std::chrono::steady_clock::now();
  if (scope == "cluster") {
    if (!asked.service.registry.in_cluster())
      return error_reply(http::status::bad_request, "This service is in no cluster (REFEREE_CLUSTER)");
    auto stats = asked.service.registry.cluster_stats_json(now, asked.grant.caller.owner);
    return stats ? Reply{.body = std::move(*stats)}
                 : busy_reply("The cluster's database cannot be asked now");
  }
  if (!scope.empty() && scope != "node")
    return error_reply(http::status::bad_request, "scope must be node or cluster");
  return {.body = asked.service.registry.stats_json(now, asked.grant.caller.owner)};
}

constexpr std::array table{
    Route{verb::get, "/", false, all, home_reply},
    Route{verb::get, "/health", true, all, health_reply},
    Route{verb::get, "/livez", true, all, live_reply},
    Route{verb::get, "/readyz", true, all, ready_reply},
    Route{verb::get, "/trust", true, all, trust_reply},
    Route{verb::get, "/trust/ca.crt", true, all, authority_reply},
    Route{verb::get, "/trust/ca.mobileconfig", true, all, mobileconfig_reply},
    Route{verb::get, "/qr.svg", true, all, qr_reply},
    Route{verb::get, "/openapi.json", false, all, openapi_reply},
    Route{verb::get, "/metrics", false, reads, metrics_reply},
    Route{verb::get, "/stream", false, films, without_upgrade_reply},
    Route{verb::get, "/events", false, reads, without_upgrade_reply},
    Route{verb::post, "/analyze", false, films, nullptr},
    Route{verb::post, "/look", false, films, look_reply},
    Route{verb::get, "/streaming/stats", false, reads, stats_reply},
    Route{verb::get, "/sessions", false, reads, list_reply},
    Route{verb::get, "/sessions/{id}", false, all, state_reply},
    Route{verb::patch, "/sessions/{id}", false, judges, patch_reply},
    Route{verb::delete_, "/sessions/{id}", false, owns, delete_reply},
    Route{verb::get, "/sessions/{id}/result", false, all, result_reply},
    Route{verb::get, "/sessions/{id}/live.jpg", false, reads, live_picture_reply},
    Route{verb::get, "/sessions/{id}/artifacts/{name}", false, all, artifact_of_reply},
    Route{verb::get, "/sessions/{id}/frames/{name}", false, all, frame_reply},
    Route{verb::get, "/sessions/{id}/clips/{name}", false, all, clip_reply},
    Route{verb::get, "/sessions/{id}/keypoints", false, all, keypoints_reply},
    Route{verb::get, "/sessions/{id}/curves", false, all, curves_reply},
    Route{verb::get, "/sessions/{id}/human_verdict", false, all, said_reply},
    Route{verb::put, "/sessions/{id}/human_verdict", false, judges, say_reply},
    Route{verb::delete_, "/sessions/{id}/human_verdict", false, judges, take_back_reply},
    Route{verb::post, "/sessions/{id}/links", false, owns, link_reply},
    Route{verb::get, "/sessions/{id}/phrases/{folder}/result", false, all, part_result_reply},
    Route{verb::get, "/sessions/{id}/phrases/{folder}/artifacts/{name}", false, all, part_artifact_reply},
    Route{verb::get, "/sessions/{id}/phrases/{folder}/frames/{name}", false, all, part_frame_reply},
    Route{verb::get, "/sessions/{id}/phrases/{folder}/clips/{name}", false, all, part_clip_reply},
    Route{verb::get, "/sessions/{id}/phrases/{folder}/keypoints", false, all, part_keypoints_reply},
    Route{verb::get, "/sessions/{id}/phrases/{folder}/curves", false, all, part_curves_reply},
    Route{verb::get, "/me", false, all, me_reply},
    Route{verb::get, "/pair", false, owns, devices_reply},
    Route{verb::post, "/pair", false, owns, offer_reply},
    Route{verb::post, "/pair/claim", true, all, claim_reply},
    Route{verb::delete_, "/pair/{id}", false, owns, unpair_reply},
};

// Takes the next segment, without the '/' before it.
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// What stands for {...}, decoded; nothing: the path is another one.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> values;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern), given = next_segment(path);
    if (!wanted.starts_with('{')) {
      if (wanted != given) return std::nullopt;
      continue;
    }
    const auto encoded = boost::urls::make_pct_string_view(given);
    if (given.empty() || !encoded) return std::nullopt;
    values.push_back(encoded->decode());
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  values.resize(3);
  return values;
}

}  // namespace

bool Route::takes_body() const {
  return (method == verb::put || method == verb::patch || method == verb::post) && !is_upload();
}

std::span<const Route> routes() {
  return table;
}

Found find_route(http::verb method, std::string_view path) {
  Found found;
  const verb asked = method == verb::head ? verb::get : method;
  for (const Route& route : table) {
    auto values = match(route.path, path);
    if (!values) continue;
    if (!found.allowed.empty()) found.allowed += ", ";
    found.allowed += route.method == verb::get ? "GET, HEAD" : std::string(to_string(route.method));
    if (route.method != asked || found.route) continue;
    found.route = &route;
    found.open = route.open;
    found.first = std::move((*values)[0]);
    found.second = std::move((*values)[1]);
    found.third = std::move((*values)[2]);
  }
  return found;
}

// A link opens one phrase, and not a later one of the same id.
Reply answer(const Found& found, const Question& asked) {
  if (!asked.grant.folder.empty()) {
    const auto directory = asked.service.registry.directory(asked.key());
    if (!directory || directory->filename() != asked.grant.folder)
      return error_reply(http::status::not_found, "The phrase of this link is not here any more");
  }
  return found.route->answer(asked);
}

Reply not_found_reply(const Found& found, const Target& target) {
  if (target.path.empty())
    return error_reply(http::status::bad_request, "The request's target is not a valid URL");
  if (!found.allowed.empty()) return method_reply(found.allowed);
  return error_reply(http::status::not_found, "Not found; GET / lists what is here");
}

}  // namespace piste::server
