#include "server/server.h"

#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <csignal>

#include "base/attempt.h"
#include "base/log.h"
#include "server/io_threads.h"
#include "server/listener.h"
#include "server/service.h"

namespace piste::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds stop_poll{20};

// What the service is called here, beside what the operator has listed.
AllowedHosts own_names(AllowedHosts hosts, const Options& options, const AllowedOrigins& origins) {
  for (const std::string& name : names_of_this_machine()) hosts.add(name);
  hosts.add(options.host);
  for (const std::string& origin : origins.listed()) hosts.add(origin);
  if (origins.contains_all()) hosts.add_all();
  return hosts;
}

milliseconds sweep_interval(const session::Limits& limits) {
  return std::clamp<milliseconds>(milliseconds(limits.idle_timeout) / 2, milliseconds(100),
                                  milliseconds(60'000));
}

}  // namespace

struct Server::State {
  State(const Options& options, session::Registry& registry)
      : service(options, registry, registry.limits().max_sessions),
        io(options.io_threads),
        context(io.first()),
        strand(asio::make_strand(context)),
        acceptor(strand),
        sweep_timer(strand),
        stop_timer(strand),
        signals(context),
        reload_signal(context) {}

  error_code open();
  Task<> sweep();
  Task<> stop();
  // Until idle() or the time is over, or a second stop().
  template <class Idle>
  Task<> wait_for(Idle idle, steady_clock::time_point until, bool until_forced);
  void await_signal();
  void request_stop();
  void await_reload();
  void reload();

  Service service;
  IoThreads io;
  asio::io_context& context;
  const asio::strand<asio::io_context::executor_type> strand;  // of everything below
  tcp::acceptor acceptor;
  asio::steady_timer sweep_timer;
  asio::steady_timer stop_timer;
  asio::signal_set signals;
  asio::signal_set reload_signal;
  std::function<void()> reloaded = [] {};
  std::atomic<int> stop_requests{0};
  std::uint16_t port = 0;
};

error_code Server::State::open() {
  error_code ec;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(service.options.host, std::to_string(service.options.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, ec);
  if (ec) return ec;
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (!ec) port = acceptor.local_endpoint(ec).port();
  return ec;
}

Task<> Server::State::sweep() {
  while (stop_requests == 0) {
    sweep_timer.expires_after(sweep_interval(service.registry.limits()));
    const auto [ec] = co_await sweep_timer.async_wait(as_value);
    if (ec) co_return;
    co_await off_io(service.waiting, [this] {
      base::attempt("the sweep", [this] { service.registry.sweep(steady_clock::now()); });
      base::attempt("the sweep", [this] { service.devices.keep_seen(); });
    });
  }
}

template <class Idle>
Task<> Server::State::wait_for(Idle idle, steady_clock::time_point until, bool until_forced) {
  while (!idle() && steady_clock::now() < until && !(until_forced && stop_requests > 1)) {
    stop_timer.expires_after(stop_poll);
    co_await stop_timer.async_wait(as_value);
  }
}

// Step 1: refuse what is new, let what runs finish. Step 2: cancel, then give the connections time to say
// goodbye.
Task<> Server::State::stop() {
  const auto& options = service.options;
  base::log::info("", "Stopping: " + std::to_string(service.registry.active()) +
                          " active sessions may finish within " +
                          std::to_string(options.stop_timeout.count() / 1000) + " s");
  service.draining = true;
  service.registry.refuse_new();
  service.connections.drain();
  co_await wait_for([this] { return service.registry.active() == 0; },
                    steady_clock::now() + options.stop_timeout, true);
  if (service.registry.active() > 0) {
    base::log::warning("", "Stopping: sessions cancelled: " + std::to_string(service.registry.active()));
  }
  error_code ignored;
  acceptor.close(ignored);
  service.cancelled = true;
  service.connections.shut();
  co_await wait_for([this] { return service.connections.size() == 0; },
                    steady_clock::now() + 3 * options.close_timeout, false);
  sweep_timer.cancel();
  signals.cancel(ignored);
  reload_signal.cancel(ignored);
  io.stop();
}

void Server::State::await_signal() {
  signals.async_wait([this](error_code ec, int) {
    if (ec) return;
    request_stop();
    await_signal();
  });
}

void Server::State::await_reload() {
  reload_signal.async_wait([this](error_code ec, int) {
    if (ec) return;
    reload();
    await_reload();
  });
}

void Server::State::reload() {
  const auto tell = [](const char* what, const Result<base::Done>& loaded) {
    if (loaded) return base::log::info("", std::string(what) + " read again");
    base::log::error("", std::string(what) +
                             " not read again, what was read before still holds: " + loaded.error().message);
  };
  if (service.access.asks_for_tokens()) tell("Tokens", service.access.load());
  if (service.certificate.in_use()) tell("Certificate", service.certificate.load());
  asio::post(service.waiting, reloaded);
  service.connections.recheck();
  service.registry.end_sessions([this](const std::string& owner) { return !service.access.knows(owner); });
}

void Server::State::request_stop() {
  if (stop_requests++ == 0) asio::co_spawn(strand, stop(), asio::detached);
}

Result<std::unique_ptr<Server>> Server::listen(const Options& options, session::Registry& registry) {
  auto state = std::make_unique<State>(options, registry);
  const auto proxies = TrustedProxies::parse(options.trusted_proxies);
  if (!proxies) {
    return Error{ErrorCode::proxies, "REFEREE_TRUSTED_PROXIES: '" + proxies.error().code +
                                         "' is not right; give " + proxies.error().message};
  }
  state->service.proxies = *proxies;
  const auto origins = AllowedOrigins::parse(options.allowed_origins);
  if (!origins) {
    return Error{ErrorCode::origins, "REFEREE_ALLOWED_ORIGINS: '" + origins.error().code +
                                         "' is not right; give " + origins.error().message};
  }
  state->service.origins = *origins;
  auto hosts = AllowedHosts::parse(options.allowed_hosts);
  if (!hosts) {
    return Error{ErrorCode::hosts, "REFEREE_ALLOWED_HOSTS: '" + hosts.error().code + "' is not right; give " +
                                       hosts.error().message};
  }
  state->service.hosts = own_names(*std::move(hosts), options, *origins);
  if (const auto loaded = state->service.access.load(); !loaded) return loaded.error();
  if (const auto loaded = state->service.certificate.load(); !loaded) return loaded.error();
  state->service.jobs.start(
      [&access = state->service.access](const std::string& owner) { return access.knows(owner); });
  if (const error_code ec = state->open()) {
    return Error{ErrorCode::address, "Cannot listen on " + options.host + ":" + std::to_string(options.port) +
                                         ": " + ec.message()};
  }
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
  return state_->port;
}

std::string Server::url() const {
  const std::string& host = state_->service.options.host;
  const bool numeric6 = host.find(':') != std::string::npos;
  const std::string scheme = state_->service.certificate.in_use() ? "https://" : "http://";
  return scheme + (numeric6 ? "[" + host + "]" : host) + ":" + std::to_string(state_->port);
}

void Server::obey_signals() {
  state_->signals.add(SIGTERM);
  state_->signals.add(SIGINT);
  state_->await_signal();
  state_->reload_signal.add(SIGHUP);
  state_->await_reload();
}

void Server::on_reload(std::function<void()> reloaded) {
  state_->reloaded = std::move(reloaded);
}

void Server::stop() {
  state_->request_stop();
}

void Server::reload() {
  asio::post(state_->strand, [this] { state_->reload(); });
}

void Server::run() {
  asio::co_spawn(state_->strand, accept_connections(state_->acceptor, state_->io, state_->service),
                 asio::detached);
  asio::co_spawn(state_->strand, state_->sweep(), asio::detached);
  state_->io.run();
  state_->service.analyses.join();
  state_->service.waiting.join();
  state_->service.reading.join();
  state_->service.fetching.stop();  // who still waits for the store asks again after the start
  state_->service.fetching.join();
}

}  // namespace piste::server
