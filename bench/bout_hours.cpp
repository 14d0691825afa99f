#include "bout_hours.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/websocket_client.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

namespace box = types::box;
namespace fs = std::filesystem;
namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr double began = 1'700'000'000;      // s, on the client's clock
constexpr double is_cut = 1.5;               // s after its last hit
constexpr std::size_t window = 30;           // frames in flight
constexpr std::chrono::minutes judging{10};  // of one phrase, on a machine that has other work
constexpr double mega = 1 << 20;

std::vector<types::Bytes> pictures_of(const render::Renderer& renderer) {
  std::vector<types::Bytes> pictures;
  for (int i = 0; i < renderer.frames(); ++i) {
    auto jpeg = video::encode_jpeg(renderer.frame(i), 85);
    if (!jpeg) throw std::runtime_error(jpeg.error().message);
    pictures.push_back(std::move(*jpeg));
  }
  return pictures;
}

// Of all files below but those in the phrases' folders.
double between_phrases(const fs::path& outputs) {
  double bytes = 0;
  for (auto entry = fs::recursive_directory_iterator(outputs); entry != fs::end(entry); ++entry) {
    std::error_code gone;  // the oldest pictures go meanwhile
    if (entry->path().filename().string().starts_with("phrase-")) entry.disable_recursion_pending();
    const auto size = entry->is_regular_file(gone) ? entry->file_size(gone) : 0;
    if (!gone) bytes += static_cast<double>(size);
  }
  return bytes;
}

// The same bout again and again over one connection. Waits for each phrase, so that what is looked at never
// falls behind the minute that is kept.
class Fencing {
 public:
  Fencing(std::uint16_t port, const render::Bout& bout, const render::Renderer& renderer)
      : bout_(bout), fps_(renderer.options().fps), pictures_(pictures_of(renderer)), client_(port) {
    client_.wait_up_to(judging);
    const auto answer = client_.start(id_, renderer.options().width, renderer.options().height, fps_,
                                      {{"mode", "bout"}, {"timestamps", "capture"}, {"save_overlay", false}});
    if (answer.at("type") != "session_started") throw std::runtime_error(json::serialize(answer));
  }

  double seconds() const { return static_cast<double>(number_) / fps_; }
  double bytes() const { return bytes_; }
  int phrases() const { return told_; }

  void once() {
    const double zero = began + seconds();
    auto phrase = bout_.phrases.begin();
    for (std::size_t i = 0; i < pictures_.size(); ++i) {
      const double time = static_cast<double>(i) / fps_;
      send_frame(zero + time, pictures_[i]);
      send_touches(zero, time);
      if (phrase == bout_.phrases.end() || time < phrase->touches.back().time + is_cut) continue;
      ++phrase;
      ++fenced_;
      while (told_ < fenced_) take();
    }
  }

  void end() {
    while (in_flight_ > 0) take();
    client_.end(number_);
    client_.receive("process_complete");
    if (told_ != fenced_) throw std::runtime_error("a phrase was invented");
  }

 private:
  void send_frame(double timestamp, const types::Bytes& jpeg) {
    client_.send({{"type", "frame"},
                  {"session_id", id_},
                  {"frame_number", number_++},
                  {"timestamp", timestamp},
                  {"encoding", "jpeg"}});
    client_.send_bytes({reinterpret_cast<const char*>(jpeg.data()), jpeg.size()});
    bytes_ += static_cast<double>(jpeg.size());
    ++in_flight_;
    while (in_flight_ >= window) take();
  }

  void send_touches(double zero, double time) {
    for (const box::Event& event : bout_.events) {
      const auto* lamp = std::get_if<box::Lamp>(&event.what);
      if (!lamp || !box::is_hit(lamp->state)) continue;
      if (event.moment.at < time || event.moment.at >= time + 1 / fps_) continue;
      client_.send({{"type", "touch"},
                    {"session_id", id_},
                    {"side", types::to_string(lamp->side)},
                    {"timestamp", zero + event.moment.at},
                    {"valid", lamp->state == box::LampState::valid}});
    }
  }

  void take() {
    const auto message = client_.receive();
    const auto& type = message.at("type").as_string();
    if (type == "error") throw std::runtime_error("the service answers: " + json::serialize(message));
    in_flight_ -= type == "frame_ack" ? 1 : 0;
    told_ += type == "phrase_complete" ? 1 : 0;
    if (told_ > fenced_ + 1) throw std::runtime_error("a phrase was invented");
  }

  const std::string id_ = "hours";
  const render::Bout& bout_;
  const double fps_;
  const std::vector<types::Bytes> pictures_;
  test::WebSocketClient client_;  // connects when all is drawn: who says nothing for a minute is let go
  std::int64_t number_ = 0;
  std::size_t in_flight_ = 0;
  double bytes_ = 0;
  int fenced_ = 0;
  int told_ = 0;
};

}  // namespace

BoutHours fence_for_hours(const ServiceOptions& options, const render::Bout& bout,
                          const render::Renderer& renderer, double hours) {
  const auto begun = Clock::now();
  const ServiceRun run(options, Analysis::live);
  Fencing fencing(run.service.port(), bout, renderer);
  BoutHours found;
  while (fencing.seconds() < hours * 3600) {
    fencing.once();
    const double memory = static_cast<double>(run.service.memory()) / mega;
    if (found.before_mb == 0 && fencing.seconds() >= 60) found.before_mb = memory;
    found.after_mb = memory;
    found.most_mb = std::max(found.most_mb, memory);
    found.between_mb = std::max(found.between_mb, between_phrases(run.scratch.path()) / mega);
  }
  found.minute_mb = fencing.bytes() / fencing.seconds() * 60 / mega;
  fencing.end();
  found.phrases = fencing.phrases();
  found.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return found;
}

}  // namespace piste::bench
