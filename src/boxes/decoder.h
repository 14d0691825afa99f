// Bytes of one scoring box in, events out. Pure: no clock, no socket. docs/boxes.md says what each protocol
// tells.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "boxes/event.h"
#include "boxes/news.h"

namespace piste::boxes {

enum class Protocol { skewered, fpa, stgeorge, favero, cyrano, efp2, opp2, lines };

constexpr std::array<std::pair<std::string_view, Protocol>, 8> protocols{{{"skewered", Protocol::skewered},
                                                                          {"fpa", Protocol::fpa},
                                                                          {"stgeorge", Protocol::stgeorge},
                                                                          {"favero", Protocol::favero},
                                                                          {"cyrano", Protocol::cyrano},
                                                                          {"efp2", Protocol::efp2},
                                                                          {"opp2", Protocol::opp2},
                                                                          {"lines", Protocol::lines}}};

struct Settings {
  bool swap_sides = false;      // the box stands on the other side of the piste
  bool whites_swapped = false;  // fpa: the left white lamp comes before the right one
  std::string piste{};          // cyrano, efp2, opp2: whose messages count; empty: those of the first heard
  bool operator==(const Settings&) const = default;
};

// What came, for people.
struct Tally {
  std::uint64_t messages = 0;      // that were understood
  std::uint64_t stray_bytes = 0;   // that belong to no message of the protocol
  std::uint64_t other_pistes = 0;  // messages of other pistes, left out
  std::string problem;             // lines: what is wrong with the first line that is
};

// One box, one decoder; not for several threads. Nothing of what comes in can make it fail.
class Decoder {
 public:
  explicit Decoder(const Settings& settings) : news_(settings.swap_sides) {}
  virtual ~Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // bytes: as they came, cut anywhere; a text datagram with a line feed behind it. received: when the last of
  // them was there, on the reader's steady clock; nullopt: a recording, whose time is the protocol's pace.
  virtual void take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) = 0;

  // Nothing came until now: a link that is silent for too long is down.
  void quiet(double now, Events& out);

  // The way to the box is gone: so is the link, at once.
  void lose(double now, std::string why, Events& out);

  // The input is over: what waited for more is told.
  virtual void finish(Events& /*out*/) {}

  const Tally& tally() const { return tally_; }

 protected:
  // Seconds without a message after which the box is gone; nullopt: it may be silent for ever.
  virtual std::optional<double> patience() const = 0;
  // A message was understood.
  void tell(Reading reading, Moment moment, bool doubtful, double heard, Events& out);

  News news_;
  Tally tally_;

 private:
  double heard_ = 0;
};

std::unique_ptr<Decoder> make_decoder(Protocol protocol, const Settings& settings);

}  // namespace piste::boxes
