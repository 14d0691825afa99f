// H.264 from the client's encoder to the verdict: the whole way, over a killed service, with a damaged unit.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <fstream>

#include "container.h"
#include "phrase.h"
#include "video/codec.h"
#include "video/unit_encoder.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;

class H264 : public testing::Test {
 protected:
  static std::string film() { return std::string(PISTE_PHRASES) + "/attack-from-right.mp4"; }
  static std::string log() { return std::string(PISTE_PHRASES) + "/attack-from-right.txt"; }
  std::string in_folder(const std::string& name) const { return (folder / name).string(); }

  // The streaming client's whole course; the result that it saves.
  json::object streamed(const Service& service, const std::string& video, const std::string& signal,
                        std::vector<std::string> more) const {
    std::vector<std::string> arguments{
        service.url(), "--video", video, "--signal", signal, "--output", in_folder("result.json")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto ended = run("referee_client_streaming", arguments);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.code == 0 ? read_result() : json::object();
  }
  json::object read_result() const {
    return json::parse(test::read_file(folder / "result.json")).as_object();
  }

  // A service over a folder that outlives it, on this port; 0: a free one.
  struct Mortal {
    std::unique_ptr<test::Process> process;
    int port = 0;
  };
  Mortal start(int port) const {
    Mortal made;
    made.process = std::make_unique<test::Process>(
        test::Command{program("referee_service"),
                      {"--port", std::to_string(port), "--output-dir", in_folder("phrases")},
                      {},
                      folder.path()});
    EXPECT_TRUE(made.process->await("Listening on http://127.0.0.1:")) << made.process->err();
    const std::string said = made.process->out();
    made.port = std::stoi(said.substr(said.rfind(':') + 1));
    return made;
  }

  test::TempDir folder;
};

std::size_t count(const json::object& result, const char* what) {
  return result.at(what).to_number<std::size_t>();
}

void expect_whole_phrase(const json::object& result) {
  EXPECT_EQ(result.at("winner"), "right");
  EXPECT_EQ(count(result, "undecodable_frames"), 0u);
  EXPECT_EQ(count(result, "frames_analyzed"), sample().jpegs.size());
  EXPECT_EQ(result.at("artifacts").at("video"), "phrase.mp4");
  const std::filesystem::path artifacts = text(result.at("artifact_dir"));
  EXPECT_EQ(count_frames(artifacts / "phrase.mp4"), sample().jpegs.size());
  EXPECT_TRUE(is_faststart(test::read_file(artifacts / "phrase.mp4")));
  EXPECT_GE(count_frames(artifacts / "overlay.mp4"), sample().jpegs.size());
}

TEST_F(H264, TheClientsStreamGetsItsVerdictAndTakesLessThanJpeg) {
  const Service service;
  const auto units = streamed(service, film(), log(), {"--encoding", "h264"});
  expect_whole_phrase(units);
  const auto pictures = streamed(service, film(), log(), {"--encoding", "jpeg", "--no-overlay"});
  EXPECT_LT(4 * count(units.at("streaming_stats").as_object(), "bytes_received"),
            count(pictures.at("streaming_stats").as_object(), "bytes_received"));
}

TEST_F(H264, ABitRateIsKept) {
  const Service service;
  const auto result =
      streamed(service, film(), log(), {"--encoding", "h264", "--bitrate", "150", "--no-overlay"});
  const double seconds = static_cast<double>(sample().jpegs.size()) / sample().fps;
  EXPECT_LT(8.0 * static_cast<double>(count(result.at("streaming_stats").as_object(), "bytes_received")),
            1.3 * 150'000 * seconds);
}

TEST_F(H264, SurvivesAKilledService) {
  Mortal service = start(0);
  test::Process client({program("referee_client_streaming"),
                        {"http://127.0.0.1:" + std::to_string(service.port), "--video", film(), "--signal",
                         log(), "--encoding", "h264", "--realtime", "--output", in_folder("result.json")},
                        {},
                        {}});
  ASSERT_TRUE(client.await("frames "));
  service.process->signal(SIGKILL);
  service.process->wait();
  service = start(service.port);
  ASSERT_EQ(client.wait(), 0) << client.err();
  expect_whole_phrase(read_result());
}

TEST_F(H264, ADamagedUnitIsReportedAndCountedAndCostsNoVerdict) {
  Service service;
  const Phrase phrase = sample();
  auto encoder = video::UnitEncoder::create(phrase.width, phrase.height, {phrase.fps, 2'000'000}).value();
  std::vector<std::string> units;
  for (const std::string& jpeg : phrase.jpegs) {
    types::EncodedFrame frame;
    frame.width = phrase.width;
    frame.height = phrase.height;
    frame.bytes = std::make_shared<const types::Bytes>(jpeg.begin(), jpeg.end());
    const double time = static_cast<double>(units.size()) / phrase.fps;
    units.push_back(as_text(encoder->encode(video::decode(frame).value(), time, false)->bytes));
  }
  units[25].resize(units[25].size() / 2);
  const Told told =
      stream(service, phrase, units, "h264", "damaged", {{"encoding", "h264"}, {"save_overlay", false}});
  for (const auto& ack : told.acks) EXPECT_EQ(ack.at("type"), "frame_ack") << "it is whole at the door";
  ASSERT_FALSE(told.result.empty()) << json::serialize(told.processing.back());
  EXPECT_EQ(told.result.at("winner"), "right");
  EXPECT_EQ(count(told.result, "undecodable_frames"), 5u);
  EXPECT_THAT(json::serialize(told.result.at("warnings")), HasSubstr("5 frames could not be decoded: 25-29"));
  EXPECT_THAT(std::string(test::HttpClient(service.port()).get("/metrics").body()),
              HasSubstr("piste_frames_undecodable_total 5"));
}

TEST_F(H264, ClipOfRealFencers) {
  const std::filesystem::path clip = PISTE_SOURCE_DIR "/../shared/data/clips/clip_a.mp4";
  if (!std::filesystem::exists(clip)) GTEST_SKIP() << "there is no clip " << clip;
  std::ofstream(in_folder("small.txt")) << small_log();
  const Service service;
  const auto units =
      streamed(service, clip.string(), in_folder("small.txt"), {"--encoding", "h264", "--no-overlay"});
  const auto pictures =
      streamed(service, clip.string(), in_folder("small.txt"), {"--encoding", "jpeg", "--no-overlay"});
  ASSERT_FALSE(units.empty() || pictures.empty());
  EXPECT_EQ(units.at("winner"), pictures.at("winner"));
  EXPECT_EQ(count(units, "undecodable_frames"), 0u);
  EXPECT_EQ(count(units, "frames_analyzed"), count(pictures, "frames_analyzed"));
}

}  // namespace
}  // namespace piste::e2e
