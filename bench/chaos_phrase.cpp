#include "chaos_phrase.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "client/streaming.h"
#include "result_wait.h"
#include "support/http_client.h"
#include "support/websocket_client.h"
#include "video/codec.h"
#include "video/reader.h"
#include "video/writer.h"

namespace piste::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int quality = 80;

template <class T, class Code>
T or_throw(base::Result<T, Code> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<types::Bytes> frames_of(const fs::path& video) {
  std::vector<types::Bytes> frames;
  const auto reader = or_throw(video::Reader::open_file(video));
  while (const auto frame = or_throw(reader->next_encoded())) frames.push_back(*frame->bytes);
  return frames;
}

void as_jpegs(const fs::path& from, const fs::path& to) {
  const auto reader = or_throw(video::Reader::open_file(from));
  const auto& info = reader->info();
  const auto writer = or_throw(
      video::RebuiltVideoWriter::create(to, types::Encoding::jpeg, info.width, info.height, info.fps));
  while (const auto frame = or_throw(reader->next())) {
    auto bytes = std::make_shared<const types::Bytes>(or_throw(video::encode_jpeg(frame->image, quality)));
    or_throw(writer->write(
        {frame->number, frame->time, types::Encoding::jpeg, info.width, info.height, bytes}, frame->time));
  }
  or_throw(writer->finish());
}

std::string verdict_of(const json::object& result) {
  const auto& decision = result.at("decision").as_object();
  json::object verdict;
  for (const char* field : {"winner", "reason", "confidence"}) verdict[field] = decision.at(field);
  return json::serialize(verdict);
}

}  // namespace

ChaosPhrase draw_phrase(const fs::path& sample, const fs::path& referee, const fs::path& scratch) {
  const fs::path drawn = scratch / "drawn.mp4";
  const std::string command = "'" + referee.string() + "' render '" + sample.string() + "' --out '" +
                              drawn.string() + "' > /dev/null";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("the sample phrase cannot be drawn");
  ChaosPhrase phrase{scratch / "phrase.mkv", fs::path(sample).replace_extension(".txt"), {}};
  as_jpegs(drawn, phrase.video);
  const auto info = or_throw(video::Reader::open_file(phrase.video))->info();
  phrase.width = info.width;
  phrase.height = info.height;
  phrase.fps = info.fps;
  phrase.frames = frames_of(phrase.video);
  return phrase;
}

Delivered stream_phrase(const ChaosPhrase& phrase, std::uint16_t port, const std::string& id, bool realtime,
                        const fs::path& scratch) {
  client::StreamingOptions options;
  options.server = or_throw(client::parse_server_url("http://127.0.0.1:" + std::to_string(port)));
  options.source.video = phrase.video;
  options.source.realtime = realtime;
  options.signal = phrase.signal;
  options.session_id = id;
  options.output = scratch / (id + ".json");
  options.reconnect_for = std::chrono::seconds(300);
  std::ostringstream out;
  std::ostringstream said;
  Delivered delivered;
  delivered.exit_code = client::StreamingClient(options, {out, said, false}).run();
  delivered.said = said.str();
  if (delivered.exit_code != 0) return delivered;
  const auto result = json::parse(read_text(options.output)).as_object();
  delivered.verdict = verdict_of(result);
  delivered.artifacts = std::string(result.at("artifact_dir").as_string());
  return delivered;
}

void leave_phrase(const ChaosPhrase& phrase, std::uint16_t port, const std::string& id) {
  test::WebSocketClient client(port);
  client.start(id, phrase.width, phrase.height, phrase.fps);
  std::int64_t number = 0;
  for (const auto& frame : phrase.frames)
    client.send_frame(number++, {reinterpret_cast<const char*>(frame.data()), frame.size()});
  for (std::int64_t i = 0; i < number; ++i) client.receive("frame_ack");
  client.end(number);
  client.signal(read_text(phrase.signal));
  client.vanish();
}

std::string fault_of_left(const ChaosPhrase& phrase, std::uint16_t port, const std::string& id) {
  const auto answer = await_result(port, id, std::chrono::steady_clock::now() + std::chrono::minutes(2));
  if (answer.result_int() != 200) return "the phrase that was left: " + answer.body();
  const auto analyzed = test::body_of(answer).at("frames_analyzed").to_number<std::size_t>();
  if (analyzed == phrase.frames.size()) return "";
  return "of the phrase that was left " + std::to_string(analyzed) + " frames were judged";
}

std::string difference(const ChaosPhrase& phrase, const fs::path& artifacts) {
  const auto arrived = frames_of(artifacts / "phrase.mkv");
  if (arrived.size() != phrase.frames.size()) {
    return std::to_string(arrived.size()) + " frames instead of " + std::to_string(phrase.frames.size());
  }
  for (std::size_t i = 0; i < arrived.size(); ++i) {
    if (arrived[i] != phrase.frames[i]) return "frame " + std::to_string(i) + " has other bytes";
  }
  return {};
}

}  // namespace piste::bench
