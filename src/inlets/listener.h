// One box, heard all day: its bytes become events. Where the way to it is lost, by an unplugged cable or a
// broker that starts anew, that is told as a `link` event, and it is looked for again, less and less often.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "boxes/decoder.h"
#include "inlets/inlet.h"

namespace piste::inlets {

struct Box {
  Address address;
  boxes::Protocol protocol = boxes::Protocol::lines;
  boxes::Settings settings;
  std::optional<Greeting> greeting{};  // nullopt: not a byte is sent
  double camera_offset = 0;  // s: the picture lags the box by so much; events are told as much later
  bool operator==(const Box&) const = default;
};

class Listener {
 public:
  // Called on the listener's own thread.
  struct Hearer {
    std::function<void(const boxes::Event&)> event;       // its time is on base::steady_seconds()
    std::function<void(const std::string& text)> notice;  // for people: what is wrong with the way to the box
    std::function<void()> over;                           // the input has ended, or its address is of no use
  };

  Listener(Box box, Hearer hearer);

 private:
  void listen(const std::stop_token& stop);
  // Until the way is lost, or nobody wants to hear any more.
  Error hear(Inlet& inlet, const std::stop_token& stop);
  void tell(boxes::Events& events);
  void look_for_nonsense(double now);
  void notice(const std::string& text);

  const Box box_;
  const Hearer hearer_;
  std::unique_ptr<boxes::Decoder> decoder_;
  std::string noticed_;            // last; the same is not said twice in a row
  std::optional<double> puzzled_;  // since when bytes have come that nobody understood
  std::jthread thread_;            // last: it uses all of the above
};

}  // namespace piste::inlets
