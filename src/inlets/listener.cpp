#include "inlets/listener.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/steady.h"

namespace piste::inlets {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds patience{100};  // how often a silent line is asked how long it has been so
constexpr milliseconds first_wait{100};
constexpr milliseconds longest_wait{2'000};
constexpr double nonsense_after = 5;  // s of bytes without one message

void wait(milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
}

std::string_view name_of(boxes::Protocol wanted) {
  for (const auto& [name, protocol] : boxes::protocols) {
    if (protocol == wanted) return name;
  }
  return {};
}

}  // namespace

Listener::Listener(Box box, Hearer hearer)
    : box_(std::move(box)),
      hearer_(std::move(hearer)),
      decoder_(boxes::make_decoder(box_.protocol, box_.settings)),
      thread_([this](const std::stop_token& stop) { listen(stop); }) {}

void Listener::listen(const std::stop_token& stop) {
  auto delay = first_wait;
  while (!stop.stop_requested()) {
    std::optional<Error> why;
    if (auto inlet = open_inlet(box_.address, box_.protocol, box_.greeting, stop)) {
      delay = first_wait;
      why = hear(**inlet, stop);
    } else {
      why = inlet.error();
    }
    if (stop.stop_requested()) return;
    notice(why->message);
    if (why->code != ErrorCode::lost) return hearer_.over();
    wait(delay, stop);
    delay = std::min(2 * delay, longest_wait);
  }
}

Error Listener::hear(Inlet& inlet, const std::stop_token& stop) {
  // A broker tells its memory anew to whoever comes, and only who knows nothing takes it for that.
  if (std::holds_alternative<Mqtt>(box_.address))
    decoder_ = boxes::make_decoder(box_.protocol, box_.settings);
  boxes::Events events;
  while (!stop.stop_requested()) {
    const auto chunk = inlet.next(patience);
    const double now = base::steady_seconds();
    if (!chunk) {
      if (chunk.error().code == ErrorCode::over) decoder_->finish(events);
      decoder_->lose(now, chunk.error().message, events);
      tell(events);
      return chunk.error();
    }
    if (*chunk) {
      noticed_.clear();
      decoder_->take((*chunk)->bytes, (*chunk)->received, events);
      look_for_nonsense(now);
    } else {
      decoder_->quiet(now, events);
    }
    tell(events);
  }
  return {ErrorCode::over, {}};
}

void Listener::tell(boxes::Events& events) {
  for (boxes::Event& event : events) {
    event.moment.at += box_.camera_offset;
    hearer_.event(event);
  }
  events.clear();
}

// The wrong protocol, the wrong rate, a wire that is swapped: the line is alive, and nobody would know why
// nothing comes.
void Listener::look_for_nonsense(double now) {
  if (decoder_->tally().messages > 0) return puzzled_.reset();
  if (!puzzled_) puzzled_ = now;
  if (now - *puzzled_ < nonsense_after) return;
  puzzled_ = now;
  const std::string& problem = decoder_->tally().problem;
  hearer_.notice(to_string(box_.address) + ": bytes come, and nothing in them is " +
                 std::string(name_of(box_.protocol)) + (problem.empty() ? "" : "; " + problem));
}

void Listener::notice(const std::string& text) {
  if (text != noticed_) hearer_.notice(text);
  noticed_ = text;
}

}  // namespace piste::inlets
