#include "boxes/simulator.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "boxes/encoders.h"
#include "boxes/event_json.h"
#include "boxes/favero.h"
#include "boxes/skewered.h"

namespace piste::boxes {
namespace {

using Send = std::function<bool(const Packet&)>;

constexpr double fpa_refresh = 1.2;
constexpr double stgeorge_refresh = 1 / 2.4;

// Favero and Skewered: everything, again and again.
void repeat(const Events& events, double until, double period, std::string (*frame)(const BoxState&, double),
            const Send& send) {
  BoxState box;
  auto next = events.begin();
  for (std::uint64_t count = 0;; ++count) {
    const double now = static_cast<double>(count) * period;
    if (now > until) return;
    for (; next != events.end() && next->moment.at <= now; ++next) box.apply(*next);
    if (!send({now, frame(box, now), {}, false})) return;
  }
}

// The others: at each event, at each second of the running clock, and what they refresh.
class OnChange {
 public:
  OnChange(Protocol protocol, const Send& send) : protocol_(protocol), send_(send) {}

  void begin_with(const Event& event) { box_.apply(event); }
  bool start() { return messages(0, true); }
  bool event(const Event& event) {
    before_ = box_;
    box_.apply(event);
    return messages(event.moment.at, false);
  }
  bool refresh(double now) {
    before_ = box_;
    return messages(now, true);
  }
  // When something is to be sent without an event, after `now`.
  double next_refresh(double now) const {
    if (protocol_ == Protocol::stgeorge) return now + stgeorge_refresh;
    const double refresh = protocol_ == Protocol::fpa ? fpa_refresh : 15;
    if (!box_.running) return now + refresh;
    const double left = box_.clock(now);  // the next whole second
    return now + std::clamp(left - (std::ceil(left) - 1), 0.01, refresh);
  }

 private:
  bool send(double now, std::string bytes) { return send_({now, std::move(bytes), {}, false}); }
  bool lamps_changed() const {
    return before_ && (before_->lamps.left != box_.lamps.left || before_->lamps.right != box_.lamps.right);
  }

  bool messages(double now, bool refresh) {
    switch (protocol_) {
      case Protocol::fpa:
        return fpa(now, refresh);
      case Protocol::stgeorge:
        return (!lamps_changed() || send(now, stgeorge_lamps(box_))) &&
               (!refresh || send(now, stgeorge_cycle(box_, now)));
      case Protocol::cyrano:
        return send(now, cyrano_info(box_, now));
      case Protocol::efp2:
        return send(now, efp2_info(box_, now));
      default:
        return std::ranges::all_of(opp2_messages(before_, box_, now, refresh), send_);
    }
  }

  bool fpa(double now, bool refresh) {
    if ((refresh || lamps_changed()) && !send(now, fpa_lamps(box_))) return false;
    if (before_ && before_->blade_contact != box_.blade_contact && !send(now, fpa_blade_contact(box_)))
      return false;
    return send(now, fpa_clock(box_, now)) && send(now, fpa_score(box_));
  }

  const Protocol protocol_;
  const Send& send_;
  std::optional<BoxState> before_;  // nullopt: it was just switched on
  BoxState box_;
};

void on_change(Protocol protocol, const Events& events, double until, const Send& send) {
  OnChange box(protocol, send);
  auto next = events.begin();
  for (; next != events.end() && next->moment.at <= 0; ++next) box.begin_with(*next);
  if (!box.start()) return;
  double refresh = box.next_refresh(0);
  for (;;) {
    const bool event = next != events.end() && next->moment.at <= std::min(refresh, until);
    const double now = event ? next->moment.at : refresh;
    if (now > until) return;
    if (!(event ? box.event(*next++) : box.refresh(now))) return;
    refresh = box.next_refresh(now);
  }
}

// Bits a second of a protocol's serial line; nullopt: datagrams.
std::optional<double> baud(Protocol protocol) {
  switch (protocol) {
    case Protocol::favero:
      return 2400;
    case Protocol::skewered:
      return 115200;
    case Protocol::fpa:
      return 38400;
    case Protocol::stgeorge:
      return 9600;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool is_text(Protocol protocol) {
  switch (protocol) {
    case Protocol::cyrano:
    case Protocol::efp2:
    case Protocol::opp2:
    case Protocol::lines:
      return true;
    default:
      return false;
  }
}

void simulate(Protocol protocol, const Events& events, double until, const Send& send) {
  if (protocol == Protocol::lines) {
    for (const Event& event : events) {
      if (!send({event.moment.at, json_line(event), {}, false})) return;
    }
    return;
  }
  // A packet is there when its last byte has left the line, which has one after the other.
  double free_from = 0;
  const Send on_line = [&](const Packet& packet) {
    Packet later = packet;
    if (const auto rate = baud(protocol))
      later.at = free_from =
          std::max(packet.at, free_from) + static_cast<double>(packet.bytes.size()) * 10 / *rate;
    return send(later);
  };
  if (protocol == Protocol::favero) return repeat(events, until, Favero::period, favero_frame, on_line);
  if (protocol == Protocol::skewered)
    return repeat(events, until, Skewered::period, skewered_packet, on_line);
  on_change(protocol, events, until, on_line);
}

}  // namespace piste::boxes
