// What the connections of one server share.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>

#include "base/histogram.h"
#include "server/access.h"
#include "server/certificate.h"
#include "server/connections.h"
#include "server/devices.h"
#include "server/hosts.h"
#include "server/jobs.h"
#include "server/links.h"
#include "server/net.h"
#include "server/options.h"
#include "server/origins.h"
#include "server/pairing_codes.h"
#include "server/peer_address.h"
#include "server/removals.h"
#include "session/allowance.h"
#include "session/registry.h"

namespace piste::server {

struct Service {
  // most_sessions: as many uploads may be analysed at a time.
  Service(const Options& chosen, session::Registry& sessions, std::size_t most_sessions)
      : options(chosen),
        registry(sessions),
        devices(sessions.library() / "devices.json", sessions.library() / "devices_seen.json"),
        access(chosen.tokens_file, devices),
        links(sessions.library() / "links.key"),
        certificate(chosen.tls_certificate, chosen.tls_key),
        analyses(std::clamp<std::size_t>(most_sessions, 2, 64)),
        waiting(std::clamp<std::size_t>(most_sessions, 4, 16)),
        reading(4),
        fetching(chosen.store ? 4 : 1) {}

  const Options options;
  session::Registry& registry;
  Devices devices;
  Access access;
  PairingCodes codes;
  session::Allowance claims{20};  // of codes, by address, in an hour
  const Links links;
  Certificate certificate;
  TrustedProxies proxies;  // set before the first connection comes
  AllowedOrigins origins;  // likewise
  AllowedHosts hosts;      // likewise
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::atomic<bool> draining{false};   // no new sessions
  std::atomic<bool> cancelled{false};  // analyses of uploads are to end
  std::atomic<int> looking{0};         // pictures that are looked at for POST /look
  std::atomic<int> picking{0};         // frames that are taken out of videos
  std::atomic<int> cutting{0};         // clips that are made
  Connections connections;
  // From a binary message's arrival to its answer. Seconds.
  base::Histogram<9> ack_time{{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25}};
  asio::thread_pool analyses;  // for calls that wait for an analysis
  // For calls that may wait until something is on the disk, or for what another connection has begun; apart
  // from the analyses, which would hold them up.
  asio::thread_pool waiting;
  // For those who only look, at the state or at files: where the disk takes nothing more, and all of the
  // above wait for it, statistics still answer.
  asio::thread_pool reading;
  // For calls that wait for the store, which is far away, and hold up nothing else.
  asio::thread_pool fetching;
  Jobs jobs{registry, options.store};
  Removals removals{registry, options.store};
};

// Runs work() off the I/O threads and comes back to the caller's strand.
template <class Work>
Task<> off_io(asio::thread_pool& pool, Work work) {
  auto task = [&work]() -> Task<> {
    work();
    co_return;
  };
  co_await asio::co_spawn(pool, task, asio::use_awaitable);
}

}  // namespace piste::server
