#include "client/progress_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/text.h"

namespace piste::client {
namespace {

constexpr std::chrono::milliseconds terminal_interval{100};
constexpr std::chrono::seconds plain_interval{2};

template <class... Values>
std::string print(const char* format, Values... values) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

}  // namespace

std::string describe_rate(double bits_per_second) {
  if (bits_per_second < 1e6) return print("%.0f kbit/s", bits_per_second / 1e3);
  return print("%.1f Mbit/s", bits_per_second / 1e6);
}

std::string describe_size(std::uint64_t bytes) {
  if (bytes < 10'000) return print("%llu bytes", static_cast<unsigned long long>(bytes));
  if (bytes < 1'000'000) return print("%.0f kB", static_cast<double>(bytes) / 1e3);
  return print("%.1f MB", static_cast<double>(bytes) / 1e6);
}

std::string describe(const SendStatus& status) {
  std::string out = "frames " + std::to_string(status.sent);
  if (status.expected) out.append("/").append(std::to_string(std::max(*status.expected, status.sent)));
  out += print("  %.1f fps  ", status.frames_per_second) + describe_rate(status.bits_per_second);
  if (status.in_flight > 0) out += "  in flight " + std::to_string(status.in_flight);
  if (status.duplicates > 0) out += "  duplicates " + std::to_string(status.duplicates);
  if (status.errors > 0) out += "  errors " + std::to_string(status.errors);
  if (status.dropped > 0) out += "  dropped " + std::to_string(status.dropped);
  return out;
}

bool ProgressView::is_due(TimePoint now) {
  const auto interval = terminal_ ? std::chrono::milliseconds(terminal_interval) : plain_interval;
  const bool first = !shown_;
  if (!first && now - *shown_ < interval) return false;
  shown_ = now;
  return terminal_ || !first;  // a plain line at once would say next to nothing
}

void ProgressView::show(const std::string& text) {
  if (terminal_) {
    out_ << "\r\x1b[K" << text << std::flush;
    live_line_ = true;
  } else {
    out_ << text << '\n' << std::flush;
  }
}

void ProgressView::clear() {
  if (live_line_) out_ << "\r\x1b[K" << std::flush;
  live_line_ = false;
}

void ProgressView::sending(const SendStatus& status, TimePoint now) {
  if (is_due(now)) show(describe(status));
}

void ProgressView::stage(std::string_view stage, double progress, std::string_view message, TimePoint now) {
  const bool news = stage != stage_ || progress >= 1;
  if (!news && !is_due(now)) return;
  stage_ = stage;
  shown_ = now;
  std::string text = base::escaped(stage) + print(" %.0f %%", std::round(progress * 100));
  if (!message.empty()) text.append("  ").append(base::escaped(message));
  show(text);
}

void ProgressView::uploading(std::uint64_t sent, std::uint64_t total, double bits_per_second, TimePoint now) {
  if (!is_due(now)) return;
  const double share = total > 0 ? 100.0 * static_cast<double>(sent) / static_cast<double>(total) : 100.0;
  show("sent " + describe_size(sent) + " of " + describe_size(total) + print(" (%.0f %%)  ", share) +
       describe_rate(bits_per_second));
}

void ProgressView::line(std::string_view text) {
  clear();
  out_ << base::escaped(text) << '\n' << std::flush;
}

}  // namespace piste::client
