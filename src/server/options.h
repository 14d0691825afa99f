// What the server is told at its start.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace piste::store {
class Store;
}

namespace piste::server {

struct Options {
  std::string host = "127.0.0.1";         // REFEREE_HOST: a name or an address
  std::uint16_t port = 8080;              // REFEREE_PORT; 0: any free one
  std::filesystem::path tokens_file;      // REFEREE_AUTH_TOKENS_FILE (tokens.h); empty: everyone is let in
  std::filesystem::path tls_certificate;  // REFEREE_TLS_CERT, REFEREE_TLS_KEY: PEM files; both empty: no TLS
  std::filesystem::path tls_key;
  std::string trusted_proxies;  // REFEREE_TRUSTED_PROXIES: addresses and networks, with commas between
  std::string allowed_origins;  // REFEREE_ALLOWED_ORIGINS: of web pages (origins.h), with commas between
  std::string allowed_hosts;    // REFEREE_ALLOWED_HOSTS: names of the service (hosts.h), with commas between
  int io_threads = 2;
  std::uint64_t max_upload_bytes = 4096ull << 20;  // REFEREE_MAX_UPLOAD_MB: of a whole POST /analyze
  std::size_t max_connections = 1000;
  std::size_t max_connections_per_address =
      200;                                      // REFEREE_MAX_CONNECTIONS_PER_ADDRESS; not of trusted proxies
  std::size_t max_outbound_bytes = 8ull << 20;  // unsent messages of one connection, before it is given up
  std::chrono::milliseconds stop_timeout{30'000};    // REFEREE_STOP_TIMEOUT: for running sessions
  std::chrono::milliseconds header_timeout{20'000};  // for a request's headers, and the WebSocket handshake
  std::chrono::milliseconds body_timeout{30'000};    // for the next piece of an upload
  std::uint64_t min_upload_rate = 16 * 1024;  // REFEREE_MIN_UPLOAD_RATE: bytes a second, beyond body_timeout
  std::chrono::milliseconds seat_patience{30'000};       // how long an upload that is here waits for a seat
  std::chrono::milliseconds keep_alive_timeout{60'000};  // for the next request on a connection
  std::chrono::milliseconds message_timeout{120'000};    // REFEREE_MESSAGE_TIMEOUT: for a WebSocket message
  std::chrono::milliseconds write_timeout{120'000};      // for an answer to be taken
  std::chrono::milliseconds close_timeout{5'000};        // for a connection to end once it was asked to
  std::chrono::milliseconds ping_interval{20'000};       // between WebSocket pings while nothing is sent

  // REFEREE_S3: what is older than its folder; outlives the server. Null: nowhere.
  const store::Store* store = nullptr;

  // Shown by GET / and GET /health.
  std::string version;
  std::vector<std::pair<std::string, std::string>> models;  // role, name
};

}  // namespace piste::server
