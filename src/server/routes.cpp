#include "server/routes.h"

#include <boost/json/object.hpp>
#include <map>

#include "base/json_text.h"
#include "server/home_page.h"
#include "server/library_route.h"
#include "server/metrics.h"
#include "server/session_route.h"
#include "server/static_files.h"

namespace piste::server {
namespace {

namespace json = boost::json;
using std::chrono::steady_clock;

Reply json_reply(const json::object& body, http::status status = http::status::ok) {
  return {.status = status, .body = base::json_text(body)};
}

Reply home(const Request& request, const Service& service) {
  const std::string_view accept = request[http::field::accept];
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
                     {"/metrics", "GET: counts and times for Prometheus"},
                     {"/health", "GET: whether the service is well; also /livez and /readyz"}}}});
}

// While stopping: 503, so that load balancers look elsewhere.
Reply health(const Service& service) {
  const bool draining = service.draining;
  json::object models;
  for (const auto& [role, name] : service.options.models) models[role] = name;
  json::value model_path;  // a name: paths are nobody's business
  for (const char* role : {"detector", "pose"}) {
    if (const json::value* name = models.if_contains(role)) model_path = *name;
  }
  const std::chrono::duration<double> uptime = steady_clock::now() - service.started;
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
Reply live() {
  return json_reply({{"status", "ok"}});
}

// Whether new work is taken.
Reply ready(const Service& service) {
  if (service.draining) return busy_reply("The service is shutting down");
  if (!service.registry.disk_has_room()) return busy_reply("Not enough disk space on the server");
  return json_reply({{"status", "ready"}});
}

Reply metrics(const Service& service) {
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_text(service)};
}

Reply without_upgrade(const std::string& path) {
  Reply reply = error_reply(http::status::upgrade_required, path + " is a WebSocket: connect with ws://");
  reply.fields.emplace_back(http::field::upgrade, "websocket");
  return reply;
}

struct Question {
  const Request& request;
  const Target& target;
  const Service& service;
  const std::string& owner;
};

using Routes = std::map<std::string, Reply (*)(const Question&), std::less<>>;

const Routes& routes() {
  static const Routes all{
      {"/", [](const Question& asked) { return home(asked.request, asked.service); }},
      {"/health", [](const Question& asked) { return health(asked.service); }},
      {"/livez", [](const Question&) { return live(); }},
      {"/readyz", [](const Question& asked) { return ready(asked.service); }},
      {"/metrics", [](const Question& asked) { return metrics(asked.service); }},
      {"/stream", [](const Question& asked) { return without_upgrade(asked.target.path); }},
      {"/events", [](const Question& asked) { return without_upgrade(asked.target.path); }},
      {"/sessions",
       [](const Question& asked) { return list_reply(asked.target, asked.owner, asked.service); }},
      {"/streaming/stats",
       [](const Question& asked) {
         return Reply{.body = asked.service.registry.stats_json(steady_clock::now(), asked.owner)};
       }},
  };
  return all;
}

}  // namespace

std::optional<Reply> answer_open(const Request& request, const Target& target, const Service& service) {
  // The page itself holds nothing secret: it asks for the token.
  if (auto file = answer_static(request, target.path)) return file;
  const bool open = target.path == "/health" || target.path == "/livez" || target.path == "/readyz";
  if (!open) return std::nullopt;
  return answer_simple(request, target, {}, service, {});
}

bool takes_body(const Request& request, const Target& target) {
  const http::verb method = request.method();
  return target.path.starts_with("/sessions/") &&
         (method == http::verb::put || method == http::verb::patch || method == http::verb::post);
}

Reply answer_simple(const Request& request, const Target& target, std::string_view body,
                    const Service& service, const std::string& owner) {
  if (target.path.empty())
    return error_reply(http::status::bad_request, "The request's target is not a valid URL");
  const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
  if (auto answer = answer_session(request, target, body, owner, service)) return std::move(*answer);
  const auto route = routes().find(target.path);
  if (route == routes().end())
    return error_reply(http::status::not_found, "Not found; GET / lists what is here");
  if (!reads) return method_reply("GET, HEAD");
  return route->second({request, target, service, owner});
}

}  // namespace piste::server
