// What the published guide promises, with a whole phrase through the real service.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "container.h"
#include "phrase.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;

// The phrase goes through once; each test looks at another side of what came of it.
class Guide : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    service_ = std::make_unique<Service>();
    phrase_ = sample();
    told_ = stream(*service_, phrase_, phrase_.jpegs, "jpeg", "phrase_20251106_123045",
                   {{"include_keypoints", true}});
  }
  static void TearDownTestSuite() { service_.reset(); }

  static const json::object& result() { return told_.result; }
  static std::filesystem::path artifact(const std::string& name) {
    return std::filesystem::path(text(result().at("artifact_dir"))) /
           text(result().at("artifacts").as_object().at(name));
  }
  static std::vector<std::string> types() {
    std::vector<std::string> out;
    for (const json::object& message : told_.processing) out.push_back(text(message.at("type")));
    return out;
  }

  static inline std::unique_ptr<Service> service_;
  static inline Phrase phrase_;
  static inline Told told_;
};

TEST_F(Guide, EveryMessageIsAnsweredAsDrawn) {
  EXPECT_EQ(told_.started.at("type"), "session_started");
  EXPECT_EQ(told_.started.at("session_id"), "phrase_20251106_123045");
  ASSERT_EQ(told_.acks.size(), phrase_.jpegs.size());
  for (std::size_t i = 0; i < told_.acks.size(); ++i) {
    EXPECT_EQ(told_.acks[i].at("type"), "frame_ack");
    EXPECT_EQ(told_.acks[i].at("status"), "received");
    EXPECT_EQ(told_.acks[i].at("session_id"), "phrase_20251106_123045");
    EXPECT_EQ(told_.acks[i].at("frame_number").to_number<std::size_t>(), i);
  }
  const auto& validation = told_.ended.at("validation").as_object();
  EXPECT_EQ(validation.at("valid"), true);
  EXPECT_EQ(validation.at("issues").as_array().size(), 0U);
  EXPECT_EQ(validation.at("frame_count").to_number<std::size_t>(), phrase_.jpegs.size());
  for (const char* none : {"missing_frames", "duplicate_frames", "out_of_order_frames"})
    EXPECT_EQ(validation.at(none), 0);
  EXPECT_EQ(validation.at("has_signal"), false);
  EXPECT_EQ(told_.signal_ack.at("type"), "signal_ack");
  EXPECT_EQ(told_.signal_ack.at("status"), "received");
}

TEST_F(Guide, ProcessingStartsGoesThroughEveryStageAndCompletes) {
  EXPECT_EQ(types().front(), "process_start");
  EXPECT_EQ(types().back(), "process_complete");
  for (const char* stage : {"video_reconstruction", "fisheye", "yolo", "decision", "overlay"}) {
    double last = -1;
    for (const json::object& message : told_.processing) {
      if (message.at("type") != "process_progress" || message.at("stage") != stage) continue;
      EXPECT_EQ(message.at("message").is_string(), true);
      const auto progress = message.at("progress").to_number<double>();
      EXPECT_GE(progress, std::max(0.0, last)) << stage;
      last = progress;
    }
    EXPECT_EQ(last, 1.0) << stage;
  }
}

TEST_F(Guide, TheVerdictComesBeforeTheArtifacts) {
  for (std::size_t i = 0; i < told_.processing.size(); ++i) {
    if (!told_.processing[i].contains("decision")) continue;
    EXPECT_EQ(told_.processing[i].at("decision"), result().at("decision"));
    EXPECT_LT(i + 1, told_.processing.size());
    return;
  }
  FAIL() << "no progress carried the decision";
}

TEST_F(Guide, TheResultSaysWhatTheGuideAndTheProtocolDocumentSay) {
  EXPECT_EQ(result().at("status"), "success");
  EXPECT_EQ(result().at("winner"), "right");
  const auto& decision = result().at("decision").as_object();
  EXPECT_EQ(decision.at("winner"), "right");
  EXPECT_EQ(decision.at("reason"), result().at("reason"));
  EXPECT_GT(decision.at("trace").as_array().size(), 0U);
  for (const char* field :
       {"weapon", "phrase", "left_pauses", "right_pauses", "actions", "frames_analyzed", "undecodable_frames",
        "width", "height", "time_source", "artifacts", "artifact_dir", "processing_time_seconds",
        "wall_time_seconds", "streaming_stats", "timings", "warnings", "keypoints"}) {
    EXPECT_TRUE(result().contains(field)) << field;
  }
  const auto& stats = result().at("streaming_stats").as_object();
  EXPECT_EQ(stats.at("frames_received").to_number<std::size_t>(), phrase_.jpegs.size());
  EXPECT_EQ(stats.at("duplicate_frames"), 0);
  const auto& keypoints = result().at("keypoints").as_object();
  for (const char* side : {"left", "right"}) {
    const auto& track = keypoints.at(side).as_array();
    ASSERT_EQ(track.size(), phrase_.jpegs.size());
    std::size_t seen = 0;
    for (const json::value& joints : track) seen += joints.is_array() && joints.get_array().size() == 17;
    EXPECT_GE(seen * 100, track.size() * 95) << side;
  }
}

TEST_F(Guide, ArtifactsAreWhole) {
  EXPECT_EQ(artifact("video").parent_path().parent_path(), service_->output());
  // The received pictures, bit for bit and in order.
  const std::string video = test::read_file(artifact("video"));
  std::size_t from = 0;
  for (const std::string& jpeg : phrase_.jpegs) {
    from = video.find(jpeg, from);
    ASSERT_NE(from, std::string::npos);
  }
  EXPECT_EQ(count_frames(artifact("video")), phrase_.jpegs.size());
  EXPECT_EQ(test::read_file(artifact("signal")), phrase_.log);

  const std::string overlay = test::read_file(artifact("overlay"));
  EXPECT_TRUE(is_faststart(overlay));
  EXPECT_THAT(overlay, HasSubstr("avc1"));
  EXPECT_GE(count_frames(artifact("overlay")), phrase_.jpegs.size());

  EXPECT_THAT(sheets(artifact("keypoints")),
              testing::IsSupersetOf({"left_x", "left_y", "right_x", "right_y"}));
  EXPECT_EQ(sheets(artifact("keypoints")).size(), 5U);

  EXPECT_EQ(json::parse(test::read_file(artifact("result"))), json::value(result()));
  for (const auto& entry : std::filesystem::directory_iterator(artifact("video").parent_path())) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(".clean.mp4.") || name.starts_with("..clean.mp4.")) continue;  // it is being made
    EXPECT_THAT(
        (std::vector<std::string>{"phrase.mkv", "phrase.txt", "overlay.mp4", "clean.mp4", "keypoints.xlsx",
                                  "analysis_result.json", "session.json", "keypoints.json", "curves.json"}),
        testing::Contains(name));
  }
}

TEST_F(Guide, OnlyArtifactDirNamesAPlaceOnTheServer) {
  json::object rest = result();
  rest.erase("artifact_dir");
  EXPECT_TRUE(service_->hides_paths(json::serialize(rest)));
  for (json::object message : told_.processing) {
    message.erase("result");
    EXPECT_TRUE(service_->hides_paths(json::serialize(message))) << json::serialize(message);
  }
}

TEST_F(Guide, TheLogSaysThatTheConnectionWasAccepted) {
  EXPECT_THAT(service_->log(), HasSubstr("WebSocket connection accepted"));
  EXPECT_THAT(service_->log(), HasSubstr("phrase_20251106_123045"));
}

TEST_F(Guide, StatsShowASessionInEveryState) {
  WebSocketClient client(service_->port());
  client.start("watched", small_width, small_height);
  const auto state = [&] { return text(service_->stats().at("sessions").at("watched").at("state")); };
  EXPECT_EQ(state(), "CREATE");
  for (int i = 0; i < 10; ++i) client.frame(i, small_jpeg(i));
  EXPECT_EQ(state(), "RECEIVING_FRAMES");
  client.end(10);
  EXPECT_EQ(state(), "FRAMES_COMPLETE");
  const json::object stats = service_->stats();
  for (const char* field :
       {"active_sessions", "max_sessions", "total_memory_mb", "max_memory_mb", "total_frames"}) {
    EXPECT_TRUE(stats.at(field).is_number()) << field;
  }
  const auto& session = stats.at("sessions").at("watched").as_object();
  for (const char* field : {"session_id", "frames_received", "memory_mb", "duration_seconds", "fps", "width",
                            "height", "expected_frames", "duplicate_frames", "out_of_order_frames",
                            "missing_frames", "has_signal", "idle_seconds", "state"}) {
    EXPECT_TRUE(session.contains(field)) << field;
  }
  EXPECT_EQ(session.at("frames_received"), 10);
  client.signal(small_log());
  client.receive("process_complete");
  EXPECT_TRUE(service_->becomes_idle());
}

TEST_F(Guide, ThePingOfTheDebugChecklist) {
  WebSocketClient client(service_->port());
  client.send_text(R"({"type": "ping"})");
  EXPECT_EQ(client.receive().at("type"), "pong");
  EXPECT_EQ(test::HttpClient(service_->port()).get("/health").result_int(), 200U);
}

// ---- Python clients

// The one whose packages apt installs, whatever else is in PATH.
constexpr const char* debian_python = "/usr/bin/python3";

test::Ended python(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "-u");
  return test::run({debian_python, std::move(arguments), {}, {}});
}

std::string script(const std::string& name) {
  return std::string(PISTE_SOURCE_DIR) + "/tests/e2e/" + name;
}

bool has_python() {
  return test::run({debian_python, {"-c", "import cv2, websockets"}, {}, {}}).code == 0;
}

TEST_F(Guide, ThePublishedPythonExampleGetsItsVerdict) {
  const std::string guide = PISTE_SOURCE_DIR "/../shared/guide.md";
  if (!std::filesystem::exists(guide)) GTEST_SKIP() << "../shared/guide.md is not there";
  if (!has_python()) GTEST_SKIP() << "python3-opencv and python3-websockets are not installed";
  const auto ended = python({script("guide_example.py"), guide, service_->url(),
                             std::string(PISTE_PHRASES) + "/attack-from-right.mp4", phrase_.signal.string()});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out,
              HasSubstr("Session started: {'type': 'session_started', 'session_id': 'my_session', "));
  EXPECT_THAT(ended.out, HasSubstr("Session ended:"));
  EXPECT_THAT(ended.out, HasSubstr("Progress: yolo"));
  const auto result = json::parse(ended.out.substr(ended.out.rfind("RESULT ") + 7)).as_object();
  EXPECT_EQ(result.at("decision").at("winner"), "right");
}

TEST_F(Guide, APythonClientOfOneFileGetsItsVerdict) {
  if (!has_python()) GTEST_SKIP() << "python3-opencv and python3-websockets are not installed";
  const auto ended =
      python({script("stream_phrase.py"), service_->url(), phrase_.video.string(), phrase_.signal.string()});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_EQ(json::parse(ended.out).at("decision").at("winner"), "right");
}

}  // namespace
}  // namespace piste::e2e
