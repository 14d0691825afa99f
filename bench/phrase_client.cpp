#include "phrase_client.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "scoring/box_log.h"
#include "support/websocket_client.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t window = 64;     // frames in flight
constexpr double hit_before_end = .5;  // s
constexpr double between_hits = .06;   // s
constexpr const char* recorded = "2026-03-14 18:31:20";

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string_view view(const types::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Sender {
 public:
  Sender(test::WebSocketClient& client, const Clip& clip, bool paced)
      : client_(client), clip_(clip), paced_(paced) {}

  void run(Answers& answers) {
    const auto begun = Clock::now();
    for (const auto& frame : clip_.frames) {
      if (paced_) std::this_thread::sleep_until(begun + due(frame.number));
      const auto sent = Clock::now();
      client_.send_frame(frame.number, view(*frame.bytes), video::to_string(frame.encoding));
      ++in_flight_;
      while (in_flight_ >= (paced_ ? 1 : window)) take_ack();
      if (paced_) answers.slowest_ack = std::max(answers.slowest_ack, since(sent));
    }
    while (in_flight_ > 0) take_ack();
    answers.sending = since(begun);
  }

 private:
  Clock::duration due(std::int64_t number) const {
    return std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(static_cast<double>(number) / clip_.fps));
  }

  void take_ack() {
    const auto ack = client_.receive();
    if (ack.at("type") != "frame_ack") throw std::runtime_error("no ack: " + json::serialize(ack));
    --in_flight_;
  }

  test::WebSocketClient& client_;
  const Clip& clip_;
  const bool paced_;
  std::size_t in_flight_ = 0;
};

}  // namespace

std::string log_for(const Clip& clip) {
  types::Phrase phrase;
  const double hit = clip.times.back() - hit_before_end;
  phrase.touches.push_back({types::Side::left, hit});
  phrase.touches.push_back({types::Side::right, hit + between_hits});
  return scoring::box_log(phrase, 1, *scoring::parse_wall_clock(recorded));
}

Answers send_phrase(std::uint16_t port, const Clip& clip, const std::string& log, const Sending& sending) {
  test::WebSocketClient client(port);
  client.start(sending.id, clip.width, clip.height, clip.fps,
               {{"include_keypoints", sending.keypoints}, {"save_overlay", sending.overlay}});
  Answers answers;
  Sender(client, clip, sending.paced).run(answers);
  client.end(static_cast<std::int64_t>(clip.frames.size()));
  client.send_signal(log);
  const auto sent = Clock::now();
  for (;;) {
    const auto message = client.receive();
    const auto& type = message.at("type");
    if (type == "error") throw std::runtime_error("the service answers: " + json::serialize(message));
    if (type == "process_progress" && message.contains("decision")) answers.decision = since(sent);
    if (type != "process_complete") continue;
    answers.complete = since(sent);
    if (sending.keypoints) answers.found = keypoints_in(json::serialize(message.at("result")));
    return answers;
  }
}

}  // namespace piste::bench
