#include "server/about_route.h"

#include <boost/json/object.hpp>
#include <chrono>
#include <string>

#include "server/home_page.h"
#include "server/openapi.h"

namespace piste::server {
namespace {

namespace json = boost::json;

}  // namespace

Reply home_reply(const Question& asked) {
  const Service& service = asked.service;
  const std::string_view accept = asked.request[http::field::accept];
  if (accept.find("text/html") != std::string_view::npos) {
    return {.content_type = "text/html; charset=utf-8", .body = home_page(service.options.version)};
  }
  return json_reply(
      {{"service", "Piste, the referee's second pair of eyes in fencing"},
       {"version", service.options.version},
       {"endpoints",
        json::object{{"/stream", "WebSocket: frames and the scoring log in, verdict out"},
                     {"/events", "WebSocket: what becomes of the phrases, as it happens"},
                     {"/analyze", "POST multipart/form-data: video, signal"},
                     {"/streaming/stats", "GET: active sessions"},
                     {"/sessions", "GET: the phrases that are known, the newest first"},
                     {"/sessions/{id}",
                      "GET: state of a session; /sessions/{id}/result: its result, "
                      "/artifacts/{name}, /keypoints, /curves: what came of it"},
                     {"/openapi.json", "GET: all of this, for tools"},
                     {"/metrics", "GET: counts and times for Prometheus"},
                     {"/health", "GET: whether the service is well; also /livez and /readyz"}}}});
}

Reply openapi_reply(const Question&) {
  return {.body = std::string(openapi_text())};
}

// While stopping: 503, so that load balancers look elsewhere.
Reply health_reply(const Question& asked) {
  const Service& service = asked.service;
  const bool draining = service.draining;
  json::object models;
  for (const auto& [role, name] : service.options.models) models[role] = name;
  json::value model_path;  // a name: paths are nobody's business
  for (const char* role : {"detector", "pose"}) {
    if (const json::value* name = models.if_contains(role)) model_path = *name;
  }
  const std::chrono::duration<double> uptime = std::chrono::steady_clock::now() - service.started;
  return json_reply({{"status", draining ? "stopping" : "ok"},
                     {"ok", !draining},
                     {"service", "piste"},
                     {"version", service.options.version},
                     {"uptime_seconds", uptime.count()},
                     {"active_sessions", service.registry.active()},
                     {"max_sessions", service.registry.limits().max_sessions},
                     {"streaming", true},
                     {"models_loaded", !models.empty()},
                     // The predecessor's, beside ours.
                     {"model_loaded", !models.empty()},
                     {"model_path", model_path},
                     {"models", models}},
                    draining ? http::status::service_unavailable : http::status::ok);
}

// The process answers: whoever watches need not start it anew.
Reply live_reply(const Question&) {
  return json_reply({{"status", "ok"}});
}

// Whether new work is taken.
Reply ready_reply(const Question& asked) {
  const Service& service = asked.service;
  if (service.draining) return busy_reply("The service is shutting down");
  if (!service.registry.disk_has_room()) return busy_reply("Not enough disk space on the server");
  return json_reply({{"status", "ready"}});
}

Reply without_upgrade_reply(const Question& asked) {
  Reply reply =
      error_reply(http::status::upgrade_required, asked.target.path + " is a WebSocket: connect with ws://");
  reply.fields.emplace_back(http::field::upgrade, "websocket");
  return reply;
}

}  // namespace piste::server
