#include "app/service_config.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "app/exposure.h"
#include "cluster/connection.h"

namespace piste::app {
namespace {

constexpr std::int64_t mega = 1 << 20;
constexpr std::size_t pictures_share = 8;  // of the memory for frames, for those that are decoded

void add_network_settings(Settings& settings, server::Options& server, std::optional<std::string>& host) {
  settings.text(
      {"REFEREE_HOST", "--host", "ADDRESS", "the address to listen on: 127.0.0.1, or 0.0.0.0 with tokens"},
      "", [&](const std::string& chosen) { host = chosen; });
  settings.whole({"REFEREE_PORT", "--port", "", "the TCP port to listen on; 0: any free one"}, server.port, 0,
                 65'535, [&](std::int64_t port) { server.port = static_cast<std::uint16_t>(port); });
  settings.whole({"REFEREE_IO_THREADS", "--io-threads", "threads", "threads that serve connections"},
                 server.io_threads, 1, 64,
                 [&](std::int64_t count) { server.io_threads = static_cast<int>(count); });
  settings.whole({"REFEREE_MAX_UPLOAD_MB", "--max-upload-mb", "MB", "the largest POST /analyze"},
                 static_cast<std::int64_t>(server.max_upload_bytes / mega), 1, 1 << 20,
                 [&](std::int64_t mb) { server.max_upload_bytes = static_cast<std::uint64_t>(mb * mega); });
  settings.whole({"REFEREE_MIN_UPLOAD_RATE", "--min-upload-rate", "KB/s",
                  "an upload that comes slower on the whole is cut off after half a minute; 0: none is"},
                 static_cast<std::int64_t>(server.min_upload_rate / 1024), 0, 1 << 20,
                 [&](std::int64_t kb) { server.min_upload_rate = static_cast<std::uint64_t>(kb * 1024); });
  settings.whole({"REFEREE_STOP_TIMEOUT", "--stop-timeout", "seconds",
                  "how long running sessions may go on after SIGTERM"},
                 server.stop_timeout.count() / 1000, 0, 3'600,
                 [&](std::int64_t seconds) { server.stop_timeout = std::chrono::seconds(seconds); });
}

void add_security_settings(Settings& settings, server::Options& server) {
  settings.text({"REFEREE_AUTH_TOKENS_FILE", "--tokens-file", "FILE",
                 "the tokens that open the service (`referee token` makes them); read again on SIGHUP"},
                "", [&](const std::string& file) { server.tokens_file = file; });
  settings.text(
      {"REFEREE_TLS_CERT", "--tls-cert", "FILE",
       "the certificate for https and wss, PEM, with those that it is signed with; read again on SIGHUP"},
      "", [&](const std::string& file) { server.tls_certificate = file; });
  settings.text({"REFEREE_TLS_KEY", "--tls-key", "FILE", "its key, PEM"}, "",
                [&](const std::string& file) { server.tls_key = file; });
  settings.text({"REFEREE_TRUSTED_PROXIES", "--trusted-proxies", "LIST",
                 "addresses and networks, with commas between, whose X-Forwarded-For is believed"},
                "", [&](const std::string& list) { server.trusted_proxies = list; });
  settings.text({"REFEREE_ALLOWED_ORIGINS", "--allowed-origins", "LIST",
                 "where there are no tokens: origins of web pages, with commas between, that may use the "
                 "service beside those of its own host and of this machine; *: all"},
                "", [&](const std::string& list) { server.allowed_origins = list; });
  settings.text({"REFEREE_ALLOWED_HOSTS", "--allowed-hosts", "LIST",
                 "where there are no tokens: names, with commas between, that the service answers to beside "
                 "addresses, localhost and this machine's own name; *: all"},
                "", [&](const std::string& list) { server.allowed_hosts = list; });
  settings.whole(
      {"REFEREE_MAX_CONNECTIONS_PER_ADDRESS", "--max-connections-per-address", "connections",
       "connections at a time of one address"},
      static_cast<std::int64_t>(server.max_connections_per_address), 1, 100'000,
      [&](std::int64_t count) { server.max_connections_per_address = static_cast<std::size_t>(count); });
  settings.whole({"REFEREE_HEADER_TIMEOUT", "--header-timeout", "seconds",
                  "for a request's headers, and before them for the TLS handshake"},
                 server.header_timeout.count() / 1000, 1, 3'600,
                 [&](std::int64_t seconds) { server.header_timeout = std::chrono::seconds(seconds); });
  settings.whole({"REFEREE_MESSAGE_TIMEOUT", "--message-timeout", "seconds",
                  "for a message on a WebSocket to come to its end"},
                 server.message_timeout.count() / 1000, 1, 3'600,
                 [&](std::int64_t seconds) { server.message_timeout = std::chrono::seconds(seconds); });
}

void add_limit_settings(Settings& settings, session::Limits& limits) {
  settings.whole({"REFEREE_MAX_STREAMING_SESSIONS", "--max-sessions", "sessions", "sessions at a time"},
                 static_cast<std::int64_t>(limits.max_sessions), 1, 10'000,
                 [&](std::int64_t count) { limits.max_sessions = static_cast<std::size_t>(count); });
  settings.whole(
      {"REFEREE_MAX_SESSIONS_PER_ADDRESS", "--max-sessions-per-address", "sessions",
       "where there are no tokens: sessions at a time of one address; 0: all there are"},
      static_cast<std::int64_t>(limits.max_sessions_per_address), 0, 10'000,
      [&](std::int64_t count) { limits.max_sessions_per_address = static_cast<std::size_t>(count); });
  settings.whole({"REFEREE_MAX_STREAMING_MEMORY_MB", "--max-memory-mb", "MB",
                  "memory for frames, of all sessions; an eighth of it for decoded pictures"},
                 static_cast<std::int64_t>(limits.max_memory_bytes) / mega, 1, 1 << 20,
                 [&](std::int64_t mb) { limits.max_memory_bytes = static_cast<std::size_t>(mb * mega); });
  settings.whole({"REFEREE_STREAMING_SESSION_TIMEOUT", "--session-timeout", "seconds",
                  "a session without activity for so long is closed"},
                 limits.idle_timeout.count(), 1, 86'400,
                 [&](std::int64_t seconds) { limits.idle_timeout = std::chrono::seconds(seconds); });
  settings.whole({"REFEREE_MAX_SESSIONS_PER_HOUR", "--max-sessions-per-hour", "sessions",
                  "sessions and uploads that one address may begin in an hour; 0: any number"},
                 static_cast<std::int64_t>(limits.sessions_per_hour), 0, 1'000'000,
                 [&](std::int64_t count) { limits.sessions_per_hour = static_cast<std::size_t>(count); });
  settings.whole({"REFEREE_MAX_FRAME_MB", "--max-frame-mb", "MB", "the largest frame"},
                 static_cast<std::int64_t>(limits.max_frame_bytes) / mega, 1, 1'024,
                 [&](std::int64_t mb) { limits.max_frame_bytes = static_cast<std::size_t>(mb * mega); });
  settings.text({"REFEREE_OUTPUT_DIR", "--output-dir", "DIR", "where the artifacts go; made if missing"},
                limits.output_dir.string(), [&](const std::string& dir) { limits.output_dir = dir; });
  settings.whole(
      {"REFEREE_MIN_FREE_DISK_MB", "--min-free-disk-mb", "MB",
       "no new session when less is free where the artifacts go"},
      static_cast<std::int64_t>(limits.min_free_disk_bytes) / mega, 0, 1 << 30,
      [&](std::int64_t mb) { limits.min_free_disk_bytes = static_cast<std::uint64_t>(mb * mega); });
}

void add_storage_settings(Settings& settings, session::Limits& limits) {
  settings.choice(
      {"REFEREE_FSYNC", "--fsync", "WHEN",
       "when acknowledged frames reach the disk, beyond the page cache: before each acknowledgement, "
       "within a second, or with session_end"},
      "interval", {"frame", "interval", "end"}, [&](const std::string& when) {
        limits.fsync = when == "frame" ? session::Fsync::frame
                       : when == "end" ? session::Fsync::end
                                       : session::Fsync::interval;
      });
  settings.whole(
      {"REFEREE_RETENTION_DAYS", "--retention-days", "days", "results older than this are removed; 0: never"},
      0, 0, 36'500, [&](std::int64_t days) { limits.retention.age = std::chrono::hours(24 * days); });
  settings.whole({"REFEREE_BOUT_KEPT_SECONDS", "--bout-kept-seconds", "seconds",
                  "how far back the frames of a bout are kept, beside its phrases"},
                 limits.bout_kept.count(), 15, 3600,
                 [&](std::int64_t seconds) { limits.bout_kept = std::chrono::seconds(seconds); });
  settings.whole({"REFEREE_RETENTION_GB", "--retention-gb", "GB",
                  "beyond this size of all results the oldest are removed; 0: never"},
                 0, 0, 1 << 20,
                 [&](std::int64_t gb) { limits.retention.bytes = static_cast<std::uint64_t>(gb) << 30; });
}

void add_store_settings(Settings& settings, ServiceConfig& config) {
  settings.text({"REFEREE_S3", "--s3", "URL",
                 "a bucket that phrases are brought to when they are over: https://HOST/BUCKET[/PREFIX]"},
                "", [&](const std::string& url) {
                  config.s3.url = url;
                  config.limits.retention.stored_only = true;
                });
  settings.text({"REFEREE_S3_REGION", "--s3-region", "REGION", "its region"}, config.s3.region,
                [&](const std::string& region) { config.s3.region = region; });
  settings.text({"REFEREE_S3_CREDENTIALS", "--s3-credentials", "FILE",
                 "its keys, as AWS's programs have them: lines aws_access_key_id = ... and "
                 "aws_secret_access_key = ..."},
                "", [&](const std::string& file) { config.s3.credentials = file; });
}

bool is_node_name(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(allowed) == std::string_view::npos;
}

std::string host_name() {
  std::array<char, 65> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || !is_node_name(name.data())) return "node";
  return name.data();
}

void add_cluster_settings(Settings& settings, ServiceConfig& config) {
  settings.form({"REFEREE_CLUSTER", "--cluster", "URL",
                 "a PostgreSQL database that all nodes of one address share (docs/scaling.md)", true},
                "", "postgresql://USER@HOST/DATABASE", [&](const std::string& url) {
                  config.cluster.url = url;
                  return url.starts_with("postgresql://") || url.starts_with("postgres://");
                });
  settings.form(
      {"REFEREE_NODE_ID", "--node-id", "NAME", "this node's name in the cluster; without it the machine's"},
      "", "1 to 64 letters, digits, dots, hyphens and underscores", [&](const std::string& name) {
        config.cluster.node = name;
        return is_node_name(name);
      });
}

// What the parser says instead of parsing; nullopt when it is content.
std::optional<base::Error<Exit>> parse(CLI::App& app, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    return base::Error<Exit>{Exit::print, app.help()};
  } catch (const CLI::CallForVersion& version) {
    return base::Error<Exit>{Exit::print, std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    return base::Error<Exit>{Exit::usage, std::string(error.what()) + "; --help lists the options"};
  }
}

}  // namespace

base::Result<ServiceConfig, Exit> read_service_config(std::vector<std::string> arguments,
                                                      const Environment& environment) {
  ServiceConfig config;
  config.limits.output_dir = "referee_output";
  config.server.version = PISTE_VERSION;
  Settings settings;
  std::optional<std::string> host;
  add_network_settings(settings, config.server, host);
  add_security_settings(settings, config.server);
  add_limit_settings(settings, config.limits);
  add_storage_settings(settings, config.limits);
  add_store_settings(settings, config);
  add_cluster_settings(settings, config);
  add_engine_settings(settings, config.engine);
  settings.text({"REFEREE_BOXES", "--boxes", "FILE",
                 "the scoring boxes that the service hears itself, a piste a line; read again on SIGHUP"},
                "", [&](const std::string& file) { config.boxes_file = file; });
  settings.choice({"REFEREE_LOG_LEVEL", "--log-level", "LEVEL", "what is logged"}, config.log_level,
                  {"DEBUG", "INFO", "WARNING", "ERROR"},
                  [&](const std::string& level) { config.log_level = level; });
  settings.choice({"REFEREE_LOG_FORMAT", "--log-format", "FORMAT", "how a line of the log looks"},
                  config.log_format, {"text", "json"},
                  [&](const std::string& format) { config.log_format = format; });

  CLI::App app("Piste: judges fencing phrases that clients stream or upload.", "referee_service");
  app.set_version_flag("--version", "referee_service " PISTE_VERSION);
  bool print_config = false;
  app.add_flag("--print-config", print_config, "print all settings as they are in effect, and exit");
  bool insecure = false;
  app.add_flag("--insecure", insecure, "listen on all addresses without tokens, if REFEREE_HOST is not set");
  settings.add_flags(app);
  app.footer("Each option can be given as the environment variable named beside it; the option wins.");
  if (const auto instead = parse(app, std::move(arguments))) return *instead;
  if (const auto read = settings.read(environment); !read) return read.error();
  config.engine.options.max_picture_bytes = config.limits.max_memory_bytes / pictures_share;
  config.server.host = listening_host(host, !config.server.tokens_file.empty(), insecure);
  settings.conclude("REFEREE_HOST", config.server.host);
  if (config.cluster.node.empty()) config.cluster.node = host_name();
  settings.conclude("REFEREE_NODE_ID", config.cluster.node);
  settings.conclude("REFEREE_CLUSTER", cluster::without_password(config.cluster.url));
  config.cluster.store = config.s3.url.substr(0, config.s3.url.find_last_not_of('/') + 1);
  config.cluster.kept = std::chrono::duration_cast<std::chrono::hours>(config.limits.retention.age);
  if (print_config) return base::Error<Exit>{Exit::print, settings.print()};
  return config;
}

}  // namespace piste::app
