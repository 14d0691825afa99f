#include "client/streaming.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <future>
#include <map>
#include <sstream>
#include <thread>

#include "client/testing/fake_reader.h"
#include "client/testing/fake_server.h"
#include "support/temp_dir.h"
#include "video/codec.h"

namespace piste::client {
namespace {

namespace json = boost::json;
using testing::Behaviour;
using testing::FakeReader;
using testing::FakeServer;
using testing::Footage;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Received;

std::vector<std::string> types_of(const std::vector<std::string>& messages) {
  std::vector<std::string> out;
  for (const auto& message : messages) {
    out.emplace_back(json::parse(message).as_object().at("type").as_string());
  }
  return out;
}

class Streaming : public ::testing::Test {
 protected:
  Streaming() { write_signal(" 0.000s | Phrase recording started\n"); }

  void write_signal(const std::string& text) {
    std::ofstream(directory_ / "phrase.txt", std::ios::binary) << text;
  }

  StreamingOptions options(const std::string& url) const {
    StreamingOptions out;
    out.server = *parse_server_url(url);
    out.source.video = "phrase.avi";
    out.signal = directory_ / "phrase.txt";
    out.session_id = "phrase_1";
    return out;
  }

  // Of a camera, whose phrase would be saved under this name.
  StreamingOptions camera_options(const std::string& url, const std::string& name) const {
    StreamingOptions out = options(url);
    out.source.video.clear();
    out.source.camera = "0";
    out.session_id = (directory_ / name).string();
    return out;
  }

  FrameSource source(Footage footage, const StreamingOptions& given) const {
    return FrameSource(std::make_unique<FakeReader>(std::move(footage)), given.source, [] { return 1.7e9; });
  }

  // Streams `frames` pictures and returns the exit code; what was shown is in out_ and err_.
  int stream(const StreamingOptions& given, std::size_t frames = 10) {
    return stream(given, Footage::of(frames));
  }
  int stream(const StreamingOptions& given, Footage footage) {
    StreamingClient client(given, source(std::move(footage), given), {out_, err_, false});
    return client.run();
  }

  static std::size_t frames_in(const std::filesystem::path& file) {
    auto video = video::Reader::open_file(file);
    if (!video) return 0;
    std::size_t frames = 0;
    for (auto frame = (*video)->next(); frame && *frame; frame = (*video)->next()) ++frames;
    return frames;
  }

  static json::object read(const std::string& text) { return json::parse(text).as_object(); }

  const test::TempDir folder_;
  const std::filesystem::path& directory_ = folder_.path();
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(Streaming, APhraseAsTheGuideDrawsIt) {
  FakeServer server;
  EXPECT_EQ(stream(options(server.url())), 0) << err_.str();
  const Received received = server.received();
  EXPECT_EQ(received.targets, std::vector<std::string>{"/stream"});
  ASSERT_EQ(received.frames.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    const json::object header = read(received.frames[i].header);
    EXPECT_EQ(header.at("frame_number"), static_cast<std::int64_t>(i));
    EXPECT_EQ(header.at("session_id"), "phrase_1");
    EXPECT_EQ(header.at("encoding"), "jpeg");
    EXPECT_EQ(header.at("size"), received.frames[i].bytes.size());
    EXPECT_NEAR(header.at("timestamp").to_number<double>(), 1.7e9 + static_cast<double>(i) / 30, 1e-5);
  }
  ASSERT_EQ(received.messages.size(), 3u);
  EXPECT_EQ(read(received.messages[0]).at("type"), "session_start");
  EXPECT_EQ(read(received.messages[0]).at("width"), 32);
  EXPECT_EQ(read(received.messages[1]).at("total_frames"), 10);
  EXPECT_EQ(read(received.messages[2]).at("filename"), "phrase.txt");
  EXPECT_EQ(received.signal, " 0.000s | Phrase recording started\n");
  EXPECT_TRUE(received.closed_properly);
  EXPECT_THAT(out_.str(), HasSubstr("Winner:      left (confidence 88 %)"));
  EXPECT_THAT(out_.str(), HasSubstr("Attack from the left"));
  EXPECT_THAT(err_.str(), HasSubstr("10 frames sent, 10 acknowledged"));
  EXPECT_THAT(err_.str(), ::testing::ContainsRegex("Verdict after [0-9.]+ s: left"));
  EXPECT_THAT(err_.str(), HasSubstr("yolo 50 %  Finding the fencers\\x1B[31m"));
}

TEST_F(Streaming, OnATerminalTheVerdictBeginsOnALineOfItsOwn) {
  FakeServer server;
  const StreamingOptions given = options(server.url());
  std::ostringstream terminal;
  EXPECT_EQ(StreamingClient(given, source(Footage::of(10), given), {terminal, terminal, true}).run(), 0);
  const std::string shown = terminal.str();
  const std::string before = shown.substr(0, shown.find("Winner:"));
  EXPECT_THAT(before, HasSubstr("Artifacts saved"));
  EXPECT_THAT(before, ::testing::AnyOf(::testing::EndsWith("\n"), ::testing::EndsWith("\r\x1b[K")));
}

TEST_F(Streaming, SavesTheResult) {
  FakeServer server;
  StreamingOptions given = options(server.url());
  given.output = directory_ / "result.json";
  EXPECT_EQ(stream(given), 0);
  std::ifstream file(given.output);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(json::parse(text), json::parse(Behaviour().result));
}

TEST_F(Streaming, MakesASessionIdWhenNoneIsGiven) {
  FakeServer server;
  StreamingOptions given = options(server.url());
  given.session_id.clear();
  EXPECT_EQ(stream(given), 0);
  const std::string id(read(server.received().messages[0]).at("session_id").as_string());
  EXPECT_THAT(id, ::testing::MatchesRegex("phrase_[0-9]{8}_[0-9]{6}_[0-9a-f]{6}"));
  EXPECT_NE(make_session_id(), make_session_id());
}

// ---- the window

TEST_F(Streaming, SendsAWindowOfFramesWithoutWaitingForAcks) {
  Behaviour behaviour;
  behaviour.acks_in_groups_of = 8;  // who waited for each ack would wait for ever
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.window_frames = 8;
  EXPECT_EQ(stream(given, 40), 0) << err_.str();
  EXPECT_EQ(server.received().most_unanswered, 8u);
}

TEST_F(Streaming, HasNoMoreInFlightThanTheWindow) {
  FakeServer server;
  StreamingOptions given = options(server.url());
  given.window_frames = 1;
  EXPECT_EQ(stream(given, 40), 0);
  EXPECT_EQ(server.received().most_unanswered, 1u);
}

TEST_F(Streaming, TheWindowIsBoundedInBytesToo) {
  Behaviour behaviour;
  behaviour.acks_in_groups_of = 2;
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.source.encoding = types::Encoding::raw;
  given.window_bytes = 2 * 3 * 32 * 16 + 1;  // two frames
  EXPECT_EQ(stream(given, 20), 0);
  EXPECT_EQ(server.received().most_unanswered, 2u);
}

// ---- H.264

TEST_F(Streaming, H264IsAnnouncedAndSentAsUnits) {
  FakeServer server;
  StreamingOptions given = options(server.url());
  given.source.encoding = types::Encoding::h264;
  EXPECT_EQ(stream(given), 0) << err_.str();
  const Received received = server.received();
  EXPECT_EQ(read(received.messages[0]).at("encoding"), "h264");
  ASSERT_EQ(received.frames.size(), 10u);
  for (const auto& frame : received.frames) {
    EXPECT_EQ(read(frame.header).at("encoding"), "h264");
    EXPECT_FALSE(read(frame.header).contains("quality"));
  }
  EXPECT_THAT(err_.str(), HasSubstr("H.264 at 2 kbit/s"));
}

bool is_key(const testing::ReceivedFrame& frame) {
  const types::Bytes bytes(frame.bytes.begin(), frame.bytes.end());
  const auto inspected = video::inspect(types::Encoding::h264, bytes, 32, 16);
  return inspected && inspected->key;
}

TEST_F(Streaming, AfterARefusedUnitComesAKeyUnit) {
  Behaviour behaviour;
  behaviour.rejected = {4};
  // Frame 4 is answered when frame 5 is encoded already. Frame 5 goes out when that answer has been read;
  // only then is frame 6 encoded.
  std::promise<void> five_is_encoded;
  behaviour.before_answer = [&](std::int64_t number) {
    if (number != 4) return;
    EXPECT_EQ(five_is_encoded.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  };
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.source.encoding = types::Encoding::h264;
  given.window_frames = 1;
  Footage footage = Footage::of(12);
  footage.before = [&](std::size_t next) {
    if (next != 6) return;
    five_is_encoded.set_value();
    EXPECT_TRUE(server.await_frames(6));
  };
  EXPECT_EQ(stream(given, footage), 0) << err_.str();
  const auto frames = server.received().frames;
  ASSERT_EQ(frames.size(), 12u);
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(is_key(frames[i]), i == 0 || i == 6) << i;
}

TEST_F(Streaming, UnitsAreSentAgainAsTheyWere) {
  FakeServer undisturbed;
  StreamingOptions given = options(undisturbed.url());
  given.source.encoding = types::Encoding::h264;
  EXPECT_EQ(stream(given, 20), 0) << err_.str();
  const auto expected = undisturbed.received().frames;
  Behaviour behaviour;
  behaviour.resume_token = "token";
  behaviour.drop_at = 7;
  FakeServer server(behaviour);
  given.server = *parse_server_url(server.url());
  EXPECT_EQ(stream(given, 20), 0) << err_.str();
  std::map<std::int64_t, std::string> last;
  for (const auto& frame : server.received().frames) {
    const auto number = read(frame.header).at("frame_number").as_int64();
    if (last.contains(number)) {
      EXPECT_EQ(frame.bytes, last[number]) << number;
    }
    last[number] = frame.bytes;
  }
  ASSERT_EQ(last.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(last[static_cast<std::int64_t>(i)], expected[i].bytes) << i;
}

// ---- answers

TEST_F(Streaming, ARejectedFrameIsShownAndThePhraseGoesOn) {
  for (const bool named : {true, false}) {
    Behaviour behaviour;
    behaviour.rejected = {3, 4};
    behaviour.errors_name_frame = named;
    FakeServer server(behaviour);
    StreamingOptions given = options(server.url());
    given.window_frames = 2;  // an answer that is not counted would end in a stand-still
    EXPECT_EQ(stream(given, 20), 0);
    EXPECT_THAT(err_.str(), HasSubstr("frame 3: FRAME_PROCESSING_FAILED: Failed to decode frame 3"));
    EXPECT_THAT(err_.str(), HasSubstr("20 frames sent, 18 acknowledged"));
    EXPECT_THAT(err_.str(), HasSubstr("2 refused by the server"));
  }
}

TEST_F(Streaming, DuplicatesAndMissingAnswersAreCounted) {
  Behaviour behaviour;
  behaviour.duplicates = {1, 2, 3};
  behaviour.unanswered = {5};
  behaviour.issues = {"1 missing frame"};
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 0);
  EXPECT_THAT(err_.str(), HasSubstr("3 answered as duplicates"));
  EXPECT_THAT(err_.str(), HasSubstr("1 without an answer"));
  EXPECT_THAT(err_.str(), HasSubstr("Server: 1 missing frame"));
}

// ---- exit codes

TEST_F(Streaming, AFailedAnalysisIsOne) {
  Behaviour behaviour;
  behaviour.processing_error = "no fencer found";
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 1);
  EXPECT_THAT(err_.str(), HasSubstr("PROCESSING_FAILED: no fencer found"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("Winner")));
}

TEST_F(Streaming, ARefusedSessionIsOne) {
  Behaviour behaviour;
  behaviour.start_error = "Maximum concurrent sessions reached";
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 1);
  EXPECT_THAT(err_.str(), HasSubstr("SESSION_START_FAILED: Maximum concurrent sessions reached"));
}

TEST_F(Streaming, AFatalErrorInMidPhraseIsOneAndEndsAtOnce) {
  Behaviour behaviour;
  behaviour.fatal_error_at = 5;
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url()), 100'000), 1);
  EXPECT_THAT(err_.str(), HasSubstr("INTERNAL_ERROR: the disk is full"));
  EXPECT_LT(server.received().frames.size(), 100'000u);
}

TEST_F(Streaming, AResultWithoutAWinnerIsOne) {
  Behaviour behaviour;
  behaviour.result = R"({"status":"error","error":"no frames"})";
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 1);
  EXPECT_THAT(out_.str(), HasSubstr("no frames"));
}

TEST_F(Streaming, MissingFilesAreTwo) {
  FakeServer server;
  StreamingOptions given = options(server.url());
  given.signal = directory_ / "missing.txt";
  EXPECT_EQ(stream(given), 2);
  EXPECT_THAT(err_.str(), HasSubstr("missing.txt: no such file"));
  write_signal("");
  EXPECT_EQ(stream(options(server.url())), 2);
  write_signal("log");
  StreamingClient client(options(server.url()),
                         {out_, err_, false});  // opens "phrase.avi", which is not there
  EXPECT_EQ(client.run(), 2);
  EXPECT_EQ(stream(options(server.url()), 0), 2);  // a video without a picture
}

TEST_F(Streaming, NoServerIsThree) {
  std::uint16_t port = 0;
  {
    port = FakeServer().port();
  }
  StreamingOptions given = options("http://127.0.0.1:" + std::to_string(port));
  given.reconnect_for = std::chrono::seconds(0);
  EXPECT_EQ(stream(given), 3);
  EXPECT_THAT(err_.str(), HasSubstr("cannot connect to 127.0.0.1 port " + std::to_string(port)));
  EXPECT_THAT(err_.str(), Not(HasSubstr("saved")));
}

TEST_F(Streaming, ARefusedUpgradeIsThree) {
  Behaviour behaviour;
  behaviour.refuse_upgrade = 403;
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 3);
  EXPECT_THAT(err_.str(), HasSubstr("HTTP 403"));
  EXPECT_EQ(server.received().targets.size(), 1u) << "another try would not help";
}

TEST_F(Streaming, ALostConnectionSaysWhatWasAcknowledged) {
  Behaviour behaviour;
  behaviour.drop_at = 7;
  behaviour.rejected = {2};
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.window_frames = 1;
  EXPECT_EQ(stream(given, 1000), 3);
  EXPECT_THAT(err_.str(), HasSubstr("connection lost"));
  EXPECT_THAT(err_.str(), HasSubstr("8 frames sent, 6 acknowledged (0-1, 3-6)"));
}

TEST_F(Streaming, GarbageFromTheServerIsThree) {
  const std::string huge(1 << 20, '[');
  for (const std::string& garbage : {std::string("not JSON"), std::string("[]"), std::string("{}"), huge}) {
    Behaviour behaviour;
    behaviour.garbage_at = 2;
    behaviour.garbage = garbage;
    FakeServer server(behaviour);
    EXPECT_EQ(stream(options(server.url()), 50), 3) << garbage.substr(0, 20);
  }
  Behaviour binary;
  binary.garbage_at = 2;
  binary.garbage_is_binary = true;
  FakeServer server(binary);
  EXPECT_EQ(stream(options(server.url()), 50), 3);
}

// ---- connections that are lost and made again

Behaviour that_resumes() {
  Behaviour behaviour;
  behaviour.resume_token = "0123456789abcdef";
  return behaviour;
}

Behaviour that_goes_for_good() {
  Behaviour behaviour = that_resumes();
  behaviour.drop_at = 4;
  behaviour.taken_upgrades = 1;
  behaviour.refuse_upgrade = 503;
  return behaviour;
}

TEST_F(Streaming, AServerThatStartsIsWaitedFor) {
  Behaviour behaviour;
  behaviour.refuse_upgrade = 503;
  behaviour.refused_upgrades = 2;
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 0) << err_.str();
  EXPECT_THAT(err_.str(), HasSubstr("HTTP 503"));
  EXPECT_THAT(err_.str(), HasSubstr("trying again for up to 60 s"));
  EXPECT_THAT(err_.str(), HasSubstr("The server answers after"));
  EXPECT_EQ(server.received().frames.size(), 10u);
}

TEST_F(Streaming, AConnectionThatIsLostBeforeTheSessionBeganIsMadeAgain) {
  Behaviour behaviour;
  behaviour.dropped_starts = 2;
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 0) << err_.str();
  const Received received = server.received();
  EXPECT_EQ(received.targets.size(), 3u);
  EXPECT_EQ(received.frames.size(), 10u);
}

TEST_F(Streaming, ACameraRecordsWhileItsServerStarts) {
  Behaviour behaviour;
  behaviour.refuse_upgrade = 503;
  behaviour.refused_upgrades = 1;
  FakeServer server(behaviour);
  StreamingOptions given = camera_options(server.url(), "phrase_4");
  EXPECT_EQ(stream(given, 30), 0) << err_.str();
  EXPECT_EQ(server.received().frames.size(), 30u);
}

TEST_F(Streaming, ARefusedSessionIsNotAskedForAgain) {
  Behaviour behaviour;
  behaviour.dropped_starts = 1;
  behaviour.start_error = "fps must be a number";
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 1);
  EXPECT_EQ(server.received().targets.size(), 2u);
}

TEST_F(Streaming, AServerThatNeverAnswersLeavesTheCamerasPhraseInAFile) {
  std::uint16_t port = 0;
  {
    port = FakeServer().port();
  }
  StreamingOptions given = camera_options("http://127.0.0.1:" + std::to_string(port), "phrase_5");
  given.reconnect_for = std::chrono::seconds(1);
  EXPECT_EQ(stream(given, 30), 3);
  EXPECT_THAT(err_.str(),
              HasSubstr("the server did not answer within 1 s; the phrase is saved; to send it later: "
                        "referee_client"));
  EXPECT_EQ(frames_in(directory_ / "phrase_5.mkv"), 30u);
}

TEST_F(Streaming, ALostConnectionIsMadeAgainAndEveryFrameArrivesOnce) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_at = 7;
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.window_frames = 5;
  EXPECT_EQ(stream(given, 40), 0) << err_.str();
  const Received received = server.received();
  ASSERT_EQ(received.frames.size(), 40u);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(read(received.frames[i].header).at("frame_number"), static_cast<std::int64_t>(i));
  }
  EXPECT_THAT(err_.str(), HasSubstr("reconnecting for up to 60 s"));
  EXPECT_THAT(err_.str(), HasSubstr("The connection is back after"));
  EXPECT_THAT(err_.str(), HasSubstr("40 frames sent, 40 acknowledged"));
  EXPECT_THAT(out_.str(), HasSubstr("Winner"));
}

TEST_F(Streaming, ALostConnectionDuringTheAnalysis) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_after_signal = true;
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 0) << err_.str();
  EXPECT_EQ(server.received().signal, " 0.000s | Phrase recording started\n");
  EXPECT_EQ(server.received().frames.size(), 10u);
}

TEST_F(Streaming, AFailureThatCameMeanwhileIsNotTakenForTheAnswerToTheResumption) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_after_signal = true;
  behaviour.processing_error = "The models are gone";
  FakeServer server(behaviour);
  EXPECT_NE(stream(options(server.url())), 0);
  EXPECT_THAT(err_.str(), HasSubstr("PROCESSING_FAILED: The models are gone"));
  EXPECT_THAT(err_.str(), Not(HasSubstr("cannot be resumed")));
}

TEST_F(Streaming, AFullServerIsAskedAgain) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_at = 7;
  behaviour.busy_for = {{"session_resume", 2}};
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 0) << err_.str();
  EXPECT_EQ(server.received().targets.size(), 4u) << "over another connection, when the server says";
  EXPECT_EQ(std::ranges::count(types_of(server.received().messages), "session_resume"), 3);
  EXPECT_THAT(err_.str(), HasSubstr("The server has too much to do; asking again for up to 60 s"));
}

TEST_F(Streaming, AResumptionThatIsRefusedTooLongLeavesTheCamerasPhraseInAFile) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_at = 7;
  behaviour.busy_for = {{"session_resume", 1'000}};
  behaviour.retry_after = 3'000;
  FakeServer server(behaviour);
  EXPECT_EQ(stream(camera_options(server.url(), "phrase_21"), 30), 3);
  EXPECT_THAT(err_.str(), HasSubstr("The server has too much to do; the phrase is saved"));
  EXPECT_EQ(frames_in(directory_ / "phrase_21.mkv"), 30u);
  EXPECT_EQ(server.received().targets.size(), 2u);
}

// A server without the session: the same message that began it, and all frames as they were.
void expect_sent_anew(const Received& received, std::size_t before, std::size_t frames) {
  std::vector<std::string> starts;
  for (std::size_t i = 0; i < received.messages.size(); ++i) {
    if (types_of(received.messages)[i] == "session_start") starts.push_back(received.messages[i]);
  }
  ASSERT_EQ(starts.size(), 2u);
  EXPECT_EQ(starts[0], starts[1]);
  ASSERT_EQ(received.frames.size(), before + frames);
  for (std::size_t i = 0; i < before; ++i) {
    EXPECT_EQ(received.frames[before + i].header, received.frames[i].header);
    EXPECT_EQ(received.frames[before + i].bytes, received.frames[i].bytes);
  }
}

TEST_F(Streaming, AServerThatHasNothingOfTheSessionGetsAllOfIt) {
  for (const auto encoding : {types::Encoding::jpeg, types::Encoding::h264}) {
    Behaviour behaviour = that_resumes();
    behaviour.drop_at = 7;
    behaviour.resume_error = "There is no such session";
    FakeServer server(behaviour);
    StreamingOptions given = options(server.url());
    given.source.encoding = encoding;
    given.window_frames = 1;  // frame 7 is the last before the loss
    given.kept_bytes = 1000;  // the others are on disk
    err_.str("");
    EXPECT_EQ(stream(given, 20), 0) << err_.str();
    const Received received = server.received();
    expect_sent_anew(received, 8, 20);
    EXPECT_EQ(received.signal, " 0.000s | Phrase recording started\n");
    EXPECT_EQ(received.targets.size(), 2u);
    EXPECT_THAT(err_.str(), HasSubstr("the server has nothing of the session, which begins anew with "));
    EXPECT_THAT(err_.str(), HasSubstr("20 frames sent, 20 acknowledged"));
  }
}

// Behind a balancer, with the node that has the session away, and whoever could say so too.
TEST_F(Streaming, ASessionThatIsElsewhereForLongIsBegunAnew) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_at = 7;
  behaviour.busy_for = {{"session_resume", 1'000}};
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.window_frames = 1;
  EXPECT_EQ(stream(given, 20), 0) << err_.str();
  expect_sent_anew(server.received(), 8, 20);
  EXPECT_GT(std::ranges::count(types_of(server.received().messages), "session_resume"), 2);
}

TEST_F(Streaming, AServerThatLosesAPhraseDuringTheAnalysisGetsItAgain) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_after_signal = true;
  behaviour.drop_once = true;
  behaviour.resume_error = "There is no such session";
  FakeServer server(behaviour);
  EXPECT_EQ(stream(camera_options(server.url(), "phrase_22")), 0) << err_.str();
  expect_sent_anew(server.received(), 10, 10);
  EXPECT_EQ(types_of(server.received().messages),
            (std::vector<std::string>{"session_start", "session_end", "signal", "session_resume",
                                      "session_start", "session_end", "signal"}));
}

TEST_F(Streaming, AServerThatForgetsEachTimeIsGivenUp) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_at = 0;
  behaviour.drop_again = true;
  behaviour.resume_error = "There is no such session";
  FakeServer server(behaviour);
  EXPECT_EQ(stream(camera_options(server.url(), "phrase_23"), 30), 3);
  EXPECT_THAT(err_.str(), HasSubstr("cannot be resumed: There is no such session; the phrase is saved"));
  EXPECT_EQ(std::ranges::count(types_of(server.received().messages), "session_start"), 11);
  EXPECT_EQ(frames_in(directory_ / "phrase_23.mkv"), 30u);
}

TEST_F(Streaming, ASessionThatIsGoneAndWasNotKeptIsGivenUpAtOnce) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_at = 7;
  behaviour.resume_error = "There is no such session";
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.kept_bytes = 0;
  given.disk_bytes = 0;
  given.window_frames = 1;
  EXPECT_EQ(stream(given), 3);
  EXPECT_THAT(err_.str(), HasSubstr("cannot be resumed: There is no such session"));
  EXPECT_THAT(err_.str(), HasSubstr("referee_client http://127.0.0.1:" + std::to_string(server.port())));
  EXPECT_THAT(err_.str(), HasSubstr("phrase.avi " + (directory_ / "phrase.txt").string()));
}

TEST_F(Streaming, WithoutReconnectingALossIsTheEnd) {
  Behaviour behaviour = that_resumes();
  behaviour.drop_at = 7;
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.reconnect_for = std::chrono::seconds(0);
  EXPECT_EQ(stream(given), 3);
  EXPECT_EQ(server.received().targets.size(), 1u);
}

TEST_F(Streaming, AServerThatNeverReturnsLeavesTheCamerasPhraseInAFile) {
  FakeServer server(that_goes_for_good());
  StreamingOptions given = camera_options(server.url(), "phrase_2");
  given.reconnect_for = std::chrono::seconds(1);
  EXPECT_EQ(stream(given, 30), 3);
  const auto saved = directory_ / "phrase_2.mkv";
  EXPECT_THAT(err_.str(), HasSubstr(saved.string()));
  EXPECT_EQ(frames_in(saved), 30u) << "also what was recorded after the server had gone";
}

TEST_F(Streaming, AVerdictLeavesNoFileOfACamera) {
  FakeServer server(that_resumes());
  StreamingOptions given = camera_options(server.url(), "phrase_3");
  EXPECT_EQ(stream(given, 5), 0) << err_.str();
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1) << "only the log";
}

// ---- no room, there and here

TEST_F(Streaming, WhatAServerHasNoRoomForIsSentAgainWhenItSays) {
  Behaviour behaviour;
  behaviour.no_room_for = {3, 4, 9};
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.window_frames = 4;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(stream(given), 0) << err_.str();
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << "not before that";
  EXPECT_THAT(err_.str(),
              HasSubstr("Not enough disk space on the server; what it did not take is sent again"));
  EXPECT_THAT(err_.str(), HasSubstr("10 frames sent, 10 acknowledged"));
  EXPECT_THAT(err_.str(), Not(HasSubstr("refused by the server")));
  const Received received = server.received();
  EXPECT_EQ(received.frames.size(), 13u);
  EXPECT_EQ(read(received.messages.at(1)).at("total_frames"), 10) << "the last frame too, before the end";
}

TEST_F(Streaming, AServerThatStaysFullIsNotAskedForEver) {
  Behaviour behaviour;
  behaviour.no_room_for = {3};
  behaviour.no_room_times = 1'000;
  FakeServer server(behaviour);
  StreamingOptions given = options(server.url());
  given.reconnect_for = std::chrono::seconds(1);
  EXPECT_EQ(stream(given), 0) << err_.str();
  EXPECT_THAT(err_.str(), HasSubstr("10 frames sent, 9 acknowledged"));
  EXPECT_THAT(err_.str(), HasSubstr("1 refused by the server"));
}

// Each is said again to the server that refused it, over the same connection, when the server says.
TEST_F(Streaming, WhatABusyServerRefusesIsSaidAgainWhenItSays) {
  using Types = std::vector<std::string>;
  const std::map<std::string, Types> expected = {
      {"session_start", {"session_start", "session_start", "session_start", "session_end", "signal"}},
      {"session_end", {"session_start", "session_end", "session_end", "session_end", "signal"}},
      {"signal", {"session_start", "session_end", "signal", "signal", "signal"}}};
  for (const auto& [type, messages] : expected) {
    Behaviour behaviour;
    behaviour.busy_for = {{type, 2}};
    FakeServer server(behaviour);
    err_.str("");
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(stream(options(server.url())), 0) << type << ": " << err_.str();
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(2)) << type << ": not before";
    EXPECT_THAT(err_.str(), HasSubstr("The server has too much to do; asking again for up to 60 s"));
    const Received received = server.received();
    EXPECT_EQ(types_of(received.messages), messages);
    EXPECT_EQ(received.targets.size(), 1u) << type;
    EXPECT_EQ(received.frames.size(), 10u) << type;
    EXPECT_EQ(received.signal, " 0.000s | Phrase recording started\n");
  }
}

TEST_F(Streaming, AServerThatStaysBusyLeavesTheCamerasPhraseInAFile) {
  int phrase = 10;
  for (const std::string type : {"session_start", "signal"}) {
    Behaviour behaviour = that_resumes();
    behaviour.busy_for = {{type, 1'000}};
    FakeServer server(behaviour);
    const std::string name = "phrase_" + std::to_string(phrase++);
    StreamingOptions given = camera_options(server.url(), name);
    given.reconnect_for = std::chrono::seconds(1);
    EXPECT_EQ(stream(given, 30), 3) << type;
    EXPECT_THAT(err_.str(), HasSubstr("The server has too much to do; the phrase is saved"));
    EXPECT_EQ(frames_in(directory_ / (name + ".mkv")), 30u) << type;
    EXPECT_EQ(server.received().targets.size(), 1u) << "another connection would change nothing";
  }
}

TEST_F(Streaming, AFailedAnalysisLeavesTheCamerasPhraseInAFile) {
  Behaviour behaviour;
  behaviour.processing_error = "no fencer found";
  FakeServer server(behaviour);
  EXPECT_EQ(stream(camera_options(server.url(), "phrase_20"), 30), 1);
  EXPECT_THAT(err_.str(), HasSubstr("PROCESSING_FAILED: no fencer found; the phrase is saved"));
  EXPECT_EQ(frames_in(directory_ / "phrase_20.mkv"), 30u);
}

TEST_F(Streaming, AServerThatAsksForMorePatienceThanThereIsIsNotWaitedFor) {
  Behaviour behaviour;
  behaviour.busy_for = {{"session_start", 1'000}};
  behaviour.retry_after = 3'000;
  FakeServer server(behaviour);
  StreamingOptions given = camera_options(server.url(), "phrase_8");
  EXPECT_EQ(stream(given, 30), 3);
  EXPECT_EQ(frames_in(directory_ / "phrase_8.mkv"), 30u);
  EXPECT_EQ(server.received().messages.size(), 1u);
}

TEST_F(Streaming, ABusyServerThatGoesIsResumedAndGetsTheSignalStill) {
  Behaviour behaviour = that_resumes();
  behaviour.busy_for = {{"signal", 1}};
  behaviour.drop_when_busy = true;
  FakeServer server(behaviour);
  EXPECT_EQ(stream(options(server.url())), 0) << err_.str();
  const Received received = server.received();
  EXPECT_EQ(types_of(received.messages),
            (std::vector<std::string>{"session_start", "session_end", "signal", "session_resume", "signal"}));
  EXPECT_EQ(received.signal, " 0.000s | Phrase recording started\n");
}

TEST_F(Streaming, InterruptsAreHeardWhileTheServerIsBusy) {
  Behaviour behaviour;
  behaviour.busy_for = {{"session_start", 1'000}};
  FakeServer server(behaviour);
  StreamingOptions given = camera_options(server.url(), "phrase_9");
  StreamingClient client(given, source(Footage::of(5), given), {out_, err_, false});
  auto code = std::async(std::launch::async, [&] { return client.run(); });
  while (code.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) client.interrupt();
  EXPECT_EQ(code.get(), 130);
}

TEST_F(Streaming, ACamerasFramesWaitOnDiskWhileTheServerIsAway) {
  Behaviour behaviour;
  behaviour.refuse_upgrade = 503;
  behaviour.refused_upgrades = 1;
  FakeServer server(behaviour);
  StreamingOptions given = camera_options(server.url(), "phrase_6");
  given.source.encoding = types::Encoding::raw;
  given.memory_bytes = 4 * 3 * 32 * 16;
  EXPECT_EQ(stream(given, 100), 0) << err_.str();
  const Received received = server.received();
  ASSERT_EQ(received.frames.size(), 100u);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(read(received.frames[i].header).at("frame_number"), static_cast<std::int64_t>(i));
    EXPECT_EQ(received.frames[i].bytes.back(), static_cast<char>(i + 1)) << "the picture of this number";
  }
  EXPECT_THAT(err_.str(), HasSubstr("waited on disk"));
}

TEST_F(Streaming, WhatWaitsOnDiskIsInTheSavedFileToo) {
  FakeServer server(that_goes_for_good());
  StreamingOptions given = camera_options(server.url(), "phrase_7");
  given.reconnect_for = std::chrono::seconds(1);
  given.source.encoding = types::Encoding::raw;
  given.memory_bytes = 4 * 3 * 32 * 16;
  EXPECT_EQ(stream(given, 100), 3);
  EXPECT_EQ(frames_in(directory_ / "phrase_7.mkv"), 100u);
}

// ---- sources that end early, cameras, Ctrl-C

TEST_F(Streaming, AFileThatBreaksOffIsJudgedAsFarAsItGoes) {
  FakeServer server;
  Footage footage = Footage::of(12);
  footage.fails_at_end = true;
  EXPECT_EQ(stream(options(server.url()), footage), 0);
  EXPECT_EQ(server.received().frames.size(), 12u);
  EXPECT_THAT(err_.str(), HasSubstr("the file ends in the middle; what was read until there is judged"));
}

TEST_F(Streaming, InterruptGivesAFileUpAndTellsTheServer) {
  FakeServer server;
  std::promise<void> never;
  std::shared_future<void> gate = never.get_future().share();
  Footage footage = Footage::of(20);
  footage.before = [gate](std::size_t i) {
    if (i == 10) gate.wait();
  };
  const StreamingOptions given = options(server.url());
  StreamingClient client(given, source(footage, given), {out_, err_, false});
  auto code = std::async(std::launch::async, [&] { return client.run(); });
  ASSERT_TRUE(server.await_frames(10));
  client.interrupt();
  never.set_value();
  EXPECT_EQ(code.get(), 130);
  EXPECT_EQ(read(server.received().messages.back()).at("type"), "session_abort");
}

// The client is held where the server is owed the bytes of a frame.
TEST_F(Streaming, AnInterruptBetweenAFramesHeaderAndItsBytesIsToldAfterThem) {
  FakeServer server;
  StreamingClient* running = nullptr;
  StreamingOptions given = options(server.url());
  given.before_bytes = [&](std::int64_t number) {
    if (number == 3) running->interrupt();
  };
  StreamingClient client(given, source(Footage::of(20), given), {out_, err_, false});
  running = &client;
  EXPECT_EQ(client.run(), 130);
  const Received received = server.received();
  ASSERT_EQ(received.frames.size(), 4u);
  EXPECT_FALSE(received.frames[3].bytes.empty());
  EXPECT_EQ(read(received.messages.back()).at("type"), "session_abort");
}

TEST_F(Streaming, HttpsToAPlainPortIsNotTriedAgain) {
  FakeServer server;
  StreamingOptions given = options("https://127.0.0.1:" + std::to_string(server.port()));
  given.reconnect_for = std::chrono::hours(1);
  EXPECT_EQ(stream(given), 3);
  EXPECT_THAT(err_.str(), HasSubstr("not TLS; try http://"));
  EXPECT_THAT(err_.str(), Not(HasSubstr("trying again")));
}

TEST_F(Streaming, InterruptEndsACamerasRecordingAndThePhraseIsJudged) {
  FakeServer server;
  Footage footage = Footage::of(100'000, 10'000);
  StreamingOptions given = camera_options(server.url(), "phrase_1");
  StreamingClient client(given, source(footage, given), {out_, err_, false});
  auto code = std::async(std::launch::async, [&] { return client.run(); });
  ASSERT_TRUE(server.await_frames(10));
  client.interrupt();
  EXPECT_EQ(code.get(), 0) << err_.str();
  EXPECT_LT(server.received().frames.size(), 100'000u);
  EXPECT_THAT(out_.str(), HasSubstr("Winner"));
}

TEST_F(Streaming, ACamerasSignalMayAppearAfterTheRecording) {
  FakeServer server;
  StreamingOptions given = camera_options(server.url(), "phrase_1");
  given.signal = directory_ / "later.txt";
  StreamingClient client(given, source(Footage::of(5), given), {out_, err_, false});
  auto code = std::async(std::launch::async, [&] { return client.run(); });
  ASSERT_TRUE(server.await_frames(5));
  std::ofstream(given.signal) << "the log";
  EXPECT_EQ(code.get(), 0) << err_.str();
  EXPECT_EQ(server.received().signal, "the log");
}

TEST_F(Streaming, ASecondInterruptGivesTheWaitForTheSignalUp) {
  FakeServer server;
  StreamingOptions given = camera_options(server.url(), "phrase_1");
  given.signal = directory_ / "never.txt";
  StreamingClient client(given, source(Footage::of(5), given), {out_, err_, false});
  auto code = std::async(std::launch::async, [&] { return client.run(); });
  ASSERT_TRUE(server.await_frames(5));
  while (code.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) client.interrupt();
  EXPECT_EQ(code.get(), 130);
}

// ---- addresses

TEST_F(Streaming, KeepsPathPrefixQueryAndPassword) {
  FakeServer server;
  const std::string url =
      "ws://club:secret@127.0.0.1:" + std::to_string(server.port()) + "/piste-1/?token=abc";
  EXPECT_EQ(stream(options(url)), 0) << err_.str();
  const Received received = server.received();
  EXPECT_EQ(received.targets, std::vector<std::string>{"/piste-1/stream?token=abc"});
  EXPECT_EQ(received.authorizations, std::vector<std::string>{"Basic Y2x1YjpzZWNyZXQ="});
  EXPECT_EQ(received.hosts, std::vector<std::string>{"127.0.0.1:" + std::to_string(server.port())});
  EXPECT_THAT(err_.str(), Not(HasSubstr("secret")));
  EXPECT_THAT(err_.str(), Not(HasSubstr("abc")));
}

}  // namespace
}  // namespace piste::client
