#include "phrase.h"

#include <boost/json/parse.hpp>
#include <stdexcept>

#include "video/codec.h"
#include "video/reader.h"

namespace piste::e2e {
namespace {

std::string header_of(int height, int width) {
  std::string out;
  for (const int value : {height, width, 3}) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
  }
  return out;
}

types::Image decode(const std::string& jpeg, int width, int height) {
  const types::EncodedFrame frame{
      0,     {},     types::Encoding::jpeg,
      width, height, std::make_shared<const types::Bytes>(jpeg.begin(), jpeg.end())};
  return video::decode(frame).value();
}

}  // namespace

std::string as_text(const types::Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

Phrase sample(const std::string& name) {
  Phrase phrase;
  phrase.video = std::filesystem::path(PISTE_PHRASES) / (name + ".mkv");
  phrase.signal = std::filesystem::path(PISTE_PHRASES) / (name + ".txt");
  auto reader = video::Reader::open_file(phrase.video);
  if (!reader)
    throw std::runtime_error("run ctest, which draws the phrases first: " + reader.error().message);
  phrase.width = (*reader)->info().width;
  phrase.height = (*reader)->info().height;
  phrase.fps = (*reader)->info().fps;
  phrase.log = test::read_file(phrase.signal);
  for (;;) {
    const auto frame = (*reader)->next_encoded();
    if (!frame) throw std::runtime_error(frame.error().message);
    if (!*frame) return phrase;
    phrase.jpegs.push_back(as_text(*(*frame)->bytes));
  }
}

std::vector<std::string> encoded(const Phrase& phrase, const std::string& encoding) {
  if (encoding == "jpeg") return phrase.jpegs;
  std::vector<std::string> frames;
  for (const std::string& jpeg : phrase.jpegs) {
    types::Image image = decode(jpeg, phrase.width, phrase.height);
    if (encoding == "png") {
      frames.push_back(as_text(video::encode_png(image).value()));
    } else {
      frames.push_back((encoding == "raw" ? "" : header_of(phrase.height, phrase.width)) +
                       as_text(image.bgr));
    }
  }
  return frames;
}

types::Image small_image(int seed) {
  types::Image image{small_width, small_height, {}};
  for (int y = 0; y < small_height; ++y) {
    for (int x = 0; x < small_width; ++x) {
      for (const int value : {40 + x, 60 + y, 30 + (37 * seed) % 200}) {
        image.bgr.push_back(static_cast<std::uint8_t>(value));
      }
    }
  }
  return image;
}

std::string small_jpeg(int seed) {
  return as_text(video::encode_jpeg(small_image(seed), 90).value());
}

std::string small_log() {
  return " 0.000s | Phrase recording started\n"
         " 0.400s | HIT: Left scores on Right!\n"
         " 0.450s | Lockout period started (0.200s window)\n"
         " 0.500s | HIT: Simultaneous valid hits!\n"
         " 0.500s | HIT: Right scores on Left! (simultaneous)\n"
         " 0.900s | Phrase recording ended\n"
         "Scores -> Fencer 1: HIT, Fencer 2: HIT\n"
         "Phrase ended\n";
}

void read_processing(WebSocketClient& client, Told& told) {
  for (;;) {
    told.processing.push_back(client.receive());
    const json::object& last = told.processing.back();
    const std::string type = text(last.at("type"));
    if (type == "process_complete") told.result = last.at("result").as_object();
    if (type == "process_complete" || type == "error") return;
  }
}

Told stream(Service& service, const Phrase& phrase, const std::vector<std::string>& frames,
            const std::string& encoding, const std::string& id, json::object options) {
  Told told;
  WebSocketClient client(service.port());
  options["type"] = "session_start";
  options["session_id"] = id;
  options["fps"] = phrase.fps;
  options["width"] = phrase.width;
  options["height"] = phrase.height;
  options["expected_frames"] = frames.size();
  client.send(options);
  told.started = client.receive();
  std::int64_t number = 0;
  for (const std::string& frame : frames) {
    client.send({{"type", "frame"},
                 {"session_id", id},
                 {"frame_number", number},
                 {"timestamp", 1.7e9 + static_cast<double>(number) / phrase.fps},
                 {"encoding", encoding},
                 {"size", frame.size()}});
    client.send_bytes(frame);
    told.acks.push_back(client.receive());
    ++number;
  }
  client.send({{"type", "session_end"}, {"session_id", id}, {"total_frames", number}});
  told.ended = client.receive();
  client.send(
      {{"type", "signal"}, {"session_id", id}, {"filename", "phrase.txt"}, {"size", phrase.log.size()}});
  client.send_bytes(phrase.log);
  told.signal_ack = client.receive();
  read_processing(client, told);
  return told;
}

json::object upload(Service& service, const std::filesystem::path& video, const std::string& log,
                    const std::string& query) {
  const auto response = test::post_form(
      service.port(), "/analyze" + query,
      {{"video", test::read_file(video), video.filename().string()}, {"signal", log, "phrase.txt"}});
  EXPECT_EQ(response.result_int(), 200u) << response.body();
  return test::body_of(response);
}

}  // namespace piste::e2e
