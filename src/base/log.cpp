#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <string>

#include "base/text.h"

namespace piste::base::log {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_logger_mt("piste");
    made->set_pattern("%Y-%m-%d %H:%M:%S.%e %-7l %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

// The inside of a JSON string. What is escaped already has no control characters left.
std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : escaped(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::atomic<bool>& json() {
  static std::atomic<bool> chosen = false;
  return chosen;
}

spdlog::level::level_enum native(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

bool set_level(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const auto& [known, level] : {std::pair{"debug", Level::debug},
                                     {"info", Level::info},
                                     {"warning", Level::warning},
                                     {"error", Level::error}}) {
    if (lower != known) continue;
    logger().set_level(native(level));
    return true;
  }
  return false;
}

bool enabled(Level level) {
  return logger().should_log(native(level));
}

void set_json() {
  json() = true;
  logger().set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v)");
}

void write(Level level, std::string_view session, std::string_view text) {
  if (!enabled(level)) return;
  if (json()) {
    logger().log(native(level), R"("session":"{}","message":"{}"}})", json_escaped(session),
                 json_escaped(text));
  } else if (session.empty()) {
    logger().log(native(level), "{}", escaped(text));
  } else {
    logger().log(native(level), "[{}] {}", escaped(session), escaped(text));
  }
}

}  // namespace piste::base::log
