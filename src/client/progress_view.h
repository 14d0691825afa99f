// What a person sees while a phrase is sent and judged: one line that renews itself on a terminal, else a
// plain line now and then. Text from the server is escaped here. Time comes in as an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace piste::client {

struct SendStatus {
  std::int64_t sent = 0;
  std::int64_t acknowledged = 0;
  std::optional<std::int64_t> expected;
  std::int64_t duplicates = 0;
  std::int64_t errors = 0;
  std::int64_t dropped = 0;
  std::size_t in_flight = 0;
  double frames_per_second = 0;
  double bits_per_second = 0;
};

std::string describe(const SendStatus& status);
// "12.3 Mbit/s", "850 kbit/s".
std::string describe_rate(double bits_per_second);
// "200.1 MB", "412 bytes".
std::string describe_size(std::uint64_t bytes);

class ProgressView {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  ProgressView(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}
  ~ProgressView() { clear(); }

  // Shown at most every 0.1 s on a terminal, every 2 s else, from then on; in between it is dropped.
  void sending(const SendStatus& status, TimePoint now);
  void stage(std::string_view stage, double progress, std::string_view message, TimePoint now);
  void uploading(std::uint64_t sent, std::uint64_t total, double bits_per_second, TimePoint now);
  // A line that stays. Escaped.
  void line(std::string_view text);
  // Takes the line that is renewed away; call it before anything else is written to the same terminal.
  void clear();

 private:
  bool is_due(TimePoint now);
  void show(const std::string& text);

  std::ostream& out_;
  const bool terminal_;
  bool live_line_ = false;  // the terminal's last line is ours to renew
  std::optional<TimePoint> shown_;
  std::string stage_;  // the last one shown
};

}  // namespace piste::client
