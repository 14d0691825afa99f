#include "server/routes.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "server/home_page.h"
#include "server/session_route.h"

namespace piste::server {
namespace {

namespace json = boost::json;
using std::chrono::steady_clock;

Reply json_reply(const json::object& body, http::status status = http::status::ok) {
  return {.status = status, .body = json::serialize(body)};
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
                     {"/analyze", "POST multipart/form-data: video, signal"},
                     {"/streaming/stats", "GET: active sessions"},
                     {"/sessions/{id}", "GET: state of a session; /sessions/{id}/result: its result"},
                     {"/health", "GET: whether the service is well"}}}});
}

// While stopping: 503, so that load balancers look elsewhere.
Reply health(const Service& service) {
  const bool draining = service.draining;
  json::object models;
  for (const auto& [role, name] : service.options.models) models[role] = name;
  const std::chrono::duration<double> uptime = steady_clock::now() - service.started;
  return json_reply({{"status", draining ? "stopping" : "healthy"},
                     {"ok", !draining},
                     {"service", "piste"},
                     {"version", service.options.version},
                     {"uptime_seconds", uptime.count()},
                     {"active_sessions", service.registry.active()},
                     {"max_sessions", service.registry.limits().max_sessions},
                     {"streaming", true},
                     {"models_loaded", !models.empty()},
                     {"models", models}},
                    draining ? http::status::service_unavailable : http::status::ok);
}

Reply stream_without_upgrade() {
  Reply reply = error_reply(http::status::upgrade_required, "/stream is a WebSocket: connect with ws://");
  reply.fields.emplace_back(http::field::upgrade, "websocket");
  return reply;
}

}  // namespace

std::optional<Reply> answer_open(const Request& request, const Target& target, const Service& service) {
  if (target.path != "/health") return std::nullopt;
  return answer_simple(request, target, service, {});
}

Reply answer_simple(const Request& request, const Target& target, const Service& service,
                    const std::string& owner) {
  if (target.path.empty())
    return error_reply(http::status::bad_request, "The request's target is not a valid URL");
  const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
  if (auto answer = answer_session(target.path, owner, service)) {
    return reads ? std::move(*answer) : method_reply("GET, HEAD");
  }
  const bool known = target.path == "/" || target.path == "/health" || target.path == "/streaming/stats" ||
                     target.path == "/stream";
  if (!known) return error_reply(http::status::not_found, "Not found; GET / lists what is here");
  if (!reads) return method_reply("GET, HEAD");
  if (target.path == "/") return home(request, service);
  if (target.path == "/health") return health(service);
  if (target.path == "/stream") return stream_without_upgrade();
  return {.body = service.registry.stats_json(steady_clock::now(), owner)};
}

}  // namespace piste::server
