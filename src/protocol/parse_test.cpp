#include "protocol/parse.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "protocol/limits.h"

namespace piste::protocol {
namespace {

// The message as T; fails the test where it is another.
template <class T>
T parsed(std::string_view text) {
  auto message = parse(text);
  if (!message) {
    ADD_FAILURE() << text << ": " << message.error().message;
    return {};
  }
  if (auto* found = std::get_if<T>(&*message)) return std::move(*found);
  auto* defect = std::get_if<Defective>(&*message);
  ADD_FAILURE() << text << ": " << (defect ? defect->problem : "another message");
  return {};
}

std::string problem(std::string_view text) {
  return parsed<Defective>(text).problem;
}

// The guide's example with one field replaced, or with one more where it has no such field.
std::string start_with(const std::string& name, const std::string& value) {
  std::string text = R"({"type": "session_start")";
  bool replaced = false;
  for (const auto& [field, usual] :
       {std::pair<std::string, std::string>{"session_id", R"("phrase_20251106_123045")"},
        {"fps", "30.0"},
        {"width", "1920"},
        {"height", "1080"},
        {"expected_frames", "1800"},
        {"video_format", R"("bgr24")"}}) {
    text += ", \"" + field + "\": " + (field == name ? value : usual);
    replaced = replaced || field == name;
  }
  return text + (replaced ? "" : ", \"" + name + "\": " + value) + "}";
}

std::string frame_with(const std::string& number, const std::string& more = "") {
  return R"({"type": "frame", "session_id": "s", "encoding": "jpeg", "frame_number": )" + number + more + "}";
}

TEST(Parse, TheGuidesSessionStart) {
  const auto start = parsed<SessionStart>(R"({
    "type": "session_start",
    "session_id": "phrase_20251106_123045",
    "fps": 30.0,
    "width": 1920,
    "height": 1080,
    "expected_frames": 1800,
    "video_format": "bgr24"
  })");
  EXPECT_EQ(start.session_id, "phrase_20251106_123045");
  EXPECT_EQ(start.fps, 30);
  EXPECT_EQ(start.width, 1920);
  EXPECT_EQ(start.height, 1080);
  EXPECT_EQ(start.expected_frames, 1800);
  EXPECT_EQ(start.video_format, "bgr24");
  EXPECT_FALSE(start.weapon);
  EXPECT_FALSE(start.include_keypoints);
  EXPECT_TRUE(start.save_overlay);
}

TEST(Parse, WhatTimestampsAre) {
  const auto start = [](const std::string& more) {
    return R"({"type":"session_start","session_id":"a","fps":25,"width":640,"height":480)" + more + "}";
  };
  EXPECT_EQ(parsed<SessionStart>(start("")).timestamps, types::Timestamps::unsaid);
  EXPECT_EQ(parsed<SessionStart>(start(R"(,"timestamps":null)")).timestamps, types::Timestamps::unsaid);
  EXPECT_EQ(parsed<SessionStart>(start(R"(,"timestamps":"capture")")).timestamps, types::Timestamps::capture);
  EXPECT_EQ(parsed<SessionStart>(start(R"(,"timestamps":"send")")).timestamps, types::Timestamps::send);
  EXPECT_EQ(parsed<SessionStart>(start(R"(,"timestamps":"none")")).timestamps, types::Timestamps::none);
  EXPECT_EQ(problem(start(R"(,"timestamps":"yes")")), "timestamps must be capture, send or none");
}

TEST(Parse, SessionStartNeedsOnlyIdRateAndSize) {
  const auto start = parsed<SessionStart>(
      R"({"type":"session_start","session_id":"my_session","fps":25,"width":640,"height":480})");
  EXPECT_EQ(start.fps, 25);
  EXPECT_FALSE(start.expected_frames);
}

TEST(Parse, OurFieldsOfSessionStart) {
  EXPECT_EQ(parsed<SessionStart>(start_with("weapon", R"("epee")")).weapon, types::Weapon::epee);
  EXPECT_TRUE(parsed<SessionStart>(start_with("include_keypoints", "true")).include_keypoints);
  EXPECT_FALSE(parsed<SessionStart>(start_with("save_overlay", "false")).save_overlay);
  EXPECT_EQ(problem(start_with("weapon", R"("axe")")), "weapon must be sabre, foil or epee");
  EXPECT_EQ(problem(start_with("save_overlay", "1")), "save_overlay must be true or false");
}

TEST(Parse, SessionStartAnnouncesH264AndNoOtherEncoding) {
  EXPECT_TRUE(parsed<SessionStart>(start_with("encoding", R"("h264")")).h264);
  for (const char* other : {R"("jpeg")", R"("jpg")", R"("png")", R"("raw")", "null"})
    EXPECT_FALSE(parsed<SessionStart>(start_with("encoding", other)).h264) << other;
  EXPECT_EQ(problem(start_with("encoding", R"("h265")")), "encoding must be jpeg, png, raw or h264");
  EXPECT_NE(problem(start_with("encoding", "264")), "");
}

// OpenCV says -2.76e17 of a WebM that was recorded live.
TEST(Parse, ExpectedFramesThatAreNoCountAreNotKnown) {
  for (const char* value :
       {"0", "null", "-1", "-276424736369273984", "-9223372036854775808", "9223372036854775807", "-2.76e17",
        "1e30", "1e400", "18446744073709551615", "1.5", "NaN", "-Infinity", "\"5\"", "false", "[5]", "{}"}) {
    EXPECT_FALSE(parsed<SessionStart>(start_with("expected_frames", value)).expected_frames) << value;
  }
  EXPECT_EQ(parsed<SessionStart>(start_with("expected_frames", "42.0")).expected_frames, 42);
}

TEST(Parse, WeaponsAndEncodingsInAnyCase) {
  EXPECT_EQ(parsed<SessionStart>(start_with("weapon", R"("Epee")")).weapon, types::Weapon::epee);
  EXPECT_EQ(parsed<SessionStart>(start_with("weapon", "\"\u00c9p\u00e9e\"")).weapon, types::Weapon::epee);
  EXPECT_TRUE(parsed<SessionStart>(start_with("encoding", R"("H264")")).h264);
  for (const char* name : {"JPEG", "image/jpeg", "Image/JPEG", "jpg", ".jpg"}) {
    const std::string text = R"({"type":"frame","frame_number":1,"encoding":")" + std::string(name) + "\"}";
    EXPECT_EQ(parsed<FrameHeader>(text).encoding, types::Encoding::jpeg) << name;
  }
  EXPECT_EQ(parsed<FrameHeader>(R"({"type":"frame","frame_number":1,"encoding":"image/png"})").encoding,
            types::Encoding::png);
}

TEST(Parse, AFrameWithoutAnEncodingIsJpeg) {
  EXPECT_EQ(parsed<FrameHeader>(R"({"type":"frame","frame_number":1})").encoding, types::Encoding::jpeg);
  EXPECT_EQ(parsed<FrameHeader>(R"({"type":"frame","frame_number":1,"encoding":null})").encoding,
            types::Encoding::jpeg);
}

TEST(Parse, SessionStartWithWrongNumbersIsDefective) {
  for (const char* value : {"0", "-1", "\"30\"", "true", "NaN", "null", "[30]", "{}"}) {
    const auto message = parsed<Defective>(start_with("fps", value));
    EXPECT_EQ(message.type, Defective::Type::session_start) << value;
    EXPECT_EQ(message.problem.substr(0, 4), "fps ") << value;
    EXPECT_EQ(message.session_id, "phrase_20251106_123045");
  }
  for (const char* field : {"width", "height"}) {
    for (const char* value :
         {"0", "-1", "1.5", "\"640\"", "true", "1e30", "4294967936", "null", "Infinity"}) {
      EXPECT_NE(problem(start_with(field, value)), "") << field << value;
    }
  }
}

TEST(Parse, SessionStartMarksTheFencersAndThePiste) {
  const auto unmarked = parsed<SessionStart>(start_with("weapon", "null")).marks;
  EXPECT_TRUE(unmarked.piste.empty() && !unmarked.fencers);
  const auto fencers =
      parsed<SessionStart>(start_with("fencers", "[[1200, 500.5], [700, 480]]")).marks.fencers;
  ASSERT_TRUE(fencers);
  EXPECT_EQ(fencers->left, (types::Spot{700, 480}));
  EXPECT_EQ(fencers->right, (types::Spot{1200, 500.5}));
  const auto piste =
      parsed<SessionStart>(start_with("piste_corners", "[[0,700],[1920,700],[1920,1000]]")).marks.piste;
  EXPECT_EQ(piste, (std::vector<types::Spot>{{0, 700}, {1920, 700}, {1920, 1000}}));
}

TEST(Parse, SessionStartWithMarksThatCannotBeIsDefective) {
  constexpr const char* form = " must be points [x, y] in pixels, as [[320, 240], [960, 240]]";
  for (const char* name : {"fencers", "piste_corners"}) {
    for (const char* value : {"\"1,2,3,4\"", "7", "[1,2,3,4]", "[[1,2],[3]]", "[[1,\"2\"],[3,4]]", "{}"})
      EXPECT_EQ(problem(start_with(name, value)), std::string(name) + form) << value;
  }
  for (const char* value : {"[]", "[[1,2]]", "[[1,2],[1,2]]", "[[1,2],[3,4],[5,6]]"})
    EXPECT_EQ(problem(start_with("fencers", value)),
              "fencers must be two different points, one on each fencer");
  for (const char* value : {"[]", "[[1,2],[3,4]]", "[[0,0],[5,5],[9,9]]"})
    EXPECT_EQ(problem(start_with("piste_corners", value)),
              "piste_corners must be 3 to 16 points around an area");
  for (const char* value : {"[[1,2],[1921,4]]", "[[1,2],[3,-4]]", "[[1,2],[1e999,4]]"})
    EXPECT_EQ(problem(start_with("fencers", value)), "fencers must lie within the picture of 1920 x 1080")
        << value;
}

TEST(Parse, OfABoutThePisteIsMarkedNotTheFencers) {
  const auto start = [](const std::string& more) {
    return R"({"type":"session_start","session_id":"a","fps":25,"width":640,"height":480,"mode":"bout",)" +
           more + "}";
  };
  EXPECT_EQ(problem(start(R"("fencers":[[1,2],[3,4]])")),
            "fencers is for one phrase: of a bout mark the piste_corners");
  EXPECT_EQ(parsed<SessionStart>(start(R"("piste":"A","piste_corners":[[0,0],[640,0],[0,480]])"))
                .marks.piste.size(),
            3U);
}

TEST(Parse, SessionStartWithoutAFieldIsDefective) {
  EXPECT_EQ(problem(R"({"type":"session_start","session_id":"a","width":640,"height":480})"),
            "fps must be a number");
  EXPECT_NE(problem(R"({"type":"session_start","session_id":"a","fps":30,"height":480})"), "");
  EXPECT_NE(problem(R"({"type":"session_start","fps":30,"width":640,"height":480})"), "");
}

TEST(Parse, SessionIdsThatCouldBePathsAreDefective) {
  for (const char* id :
       {R"("../x")", R"("/abs/path")", R"("a\\b")", R"("..")", R"("")", R"("a\nb")", "17", "null"}) {
    const auto message = parsed<Defective>(start_with("session_id", id));
    EXPECT_EQ(message.problem.substr(0, 10), "session_id") << id;
    EXPECT_EQ(message.session_id, "") << "an id that is refused is not repeated";
  }
  EXPECT_EQ(parsed<SessionStart>(start_with("session_id", R"("Épée n° 3 – piste.1")")).session_id,
            "Épée n° 3 – piste.1");
}

TEST(Parse, TheGuidesFrame) {
  const auto frame = parsed<FrameHeader>(R"({
    "type": "frame",
    "session_id": "phrase_20251106_123045",
    "frame_number": 0,
    "timestamp": 1699276800.123,
    "encoding": "jpeg",
    "quality": 85,
    "size": 65432
  })");
  EXPECT_EQ(frame.session_id, "phrase_20251106_123045");
  EXPECT_EQ(frame.number, 0);
  EXPECT_EQ(frame.timestamp, 1699276800.123);
  EXPECT_EQ(frame.encoding, types::Encoding::jpeg);
  EXPECT_EQ(frame.size, 65432);
}

TEST(Parse, FrameNumbersAreWholeNumbers) {
  EXPECT_EQ(parsed<FrameHeader>(frame_with("7")).number, 7);
  EXPECT_EQ(parsed<FrameHeader>(frame_with("1.0")).number, 1) << "the same number in JSON";
  EXPECT_EQ(parsed<FrameHeader>(frame_with("9007199254740991")).number, max_frame_number);
  for (const char* value : {"-5", "1.5", "NaN", "-Infinity", "true", "1e30", "9007199254740992",
                            "18446744073709551615", "\"3\"", "null", "[]", "1e400"}) {
    const auto message = parse(frame_with(value));
    ASSERT_TRUE(message.ok()) << value << ": " << message.error().message;
    const auto* defect = std::get_if<Defective>(&*message);
    ASSERT_TRUE(defect) << value;
    EXPECT_EQ(defect->type, Defective::Type::frame);
    EXPECT_EQ(defect->session_id, "s");
    EXPECT_FALSE(defect->frame_number) << value;
    EXPECT_EQ(defect->problem, "frame_number must be a whole number from 0 to 9007199254740991") << value;
  }
}

TEST(Parse, AFrameWithAnotherDefectKeepsItsNumber) {
  const auto defect = parsed<Defective>(R"({"type":"frame","frame_number":12,"encoding":"gif"})");
  EXPECT_EQ(defect.frame_number, 12);
  EXPECT_EQ(defect.problem, "encoding must be jpeg, png, raw or h264");
  EXPECT_NE(problem(frame_with("1", R"(,"size":-1)")), "");
  EXPECT_NE(problem(frame_with("1", R"(,"size":"big")")), "");
  EXPECT_NE(problem(frame_with("1", R"(,"timestamp":"noon")")), "");
  EXPECT_NE(problem(frame_with("1", R"(,"session_id":5)")), "");
}

TEST(Parse, Encodings) {
  EXPECT_EQ(parsed<FrameHeader>(R"({"type":"frame","frame_number":1,"encoding":"jpg"})").encoding,
            types::Encoding::jpeg);
  EXPECT_EQ(parsed<FrameHeader>(R"({"type":"frame","frame_number":1,"encoding":"png"})").encoding,
            types::Encoding::png);
  EXPECT_EQ(parsed<FrameHeader>(R"({"type":"frame","frame_number":1,"encoding":"raw"})").encoding,
            types::Encoding::raw);
  EXPECT_EQ(parsed<FrameHeader>(R"({"type":"frame","frame_number":1,"encoding":"h264"})").encoding,
            types::Encoding::h264);
}

TEST(Parse, ATimestampThatIsNoTimeIsAbsent) {
  EXPECT_FALSE(parsed<FrameHeader>(frame_with("1")).timestamp);
  EXPECT_FALSE(parsed<FrameHeader>(frame_with("1", R"(,"timestamp":null)")).timestamp);
  EXPECT_FALSE(parsed<FrameHeader>(frame_with("1", R"(,"timestamp":NaN)")).timestamp);
}

TEST(Parse, SessionEndSignalAbort) {
  const auto end = parsed<SessionEnd>(R"({"type":"session_end","session_id":"s","total_frames":1800})");
  EXPECT_EQ(end.session_id, "s");
  EXPECT_EQ(end.total_frames, 1800);
  EXPECT_EQ(parsed<Defective>(R"({"type":"session_end","total_frames":-3})").type,
            Defective::Type::session_end);
  const auto signal =
      parsed<Signal>(R"({"type":"signal","session_id":"s","filename":"../../etc/passwd","size":1234})");
  EXPECT_EQ(signal.session_id, "s");
  EXPECT_EQ(signal.size, 1234);
  EXPECT_EQ(parsed<Defective>(R"({"type":"signal","size":"x"})").type, Defective::Type::signal);
  EXPECT_EQ(parsed<SessionAbort>(R"({"type":"session_abort","session_id":"s"})").session_id, "s");
}

TEST(Parse, APingMayAskForTheServersClock) {
  EXPECT_FALSE(parsed<Ping>(R"({"type": "ping"})").client_time);
  EXPECT_EQ(parsed<Ping>(R"({"type": "ping", "client_time": 12.5})").client_time, 12.5);
  EXPECT_FALSE(parsed<Ping>(R"({"type": "ping", "client_time": "now"})").client_time);
  EXPECT_FALSE(parsed<Ping>(R"({"type": "ping", "client_time": 1e999})").client_time);
}

TEST(Parse, BoxOpen) {
  const auto open = parsed<BoxOpen>(R"({"type":"box_open","piste":"A","source":"s1","protocol":"favero"})");
  EXPECT_EQ(open.piste, "A");
  EXPECT_EQ(open.source, "s1");
  EXPECT_EQ(open.protocol, "favero");
  for (const char* wrong :
       {R"({"type":"box_open","source":"s"})", R"({"type":"box_open","piste":"../x","source":"s"})",
        R"({"type":"box_open","piste":"A"})", R"({"type":"box_open","piste":1,"source":"s"})"})
    EXPECT_EQ(parsed<Defective>(wrong).type, Defective::Type::box) << wrong;
}

TEST(Parse, BoxEvents) {
  const auto told =
      parsed<BoxEvents>(R"({"type":"box_events","piste":"A","first":7,"events":[)"
                        R"({"event":"lamp","at_ms":1500,"error_ms":31,"side":"left","state":"valid"},)"
                        R"({"event":"clock","at_ms":1600,"error_ms":31,"running":false}]})");
  EXPECT_EQ(told.first, 7);
  ASSERT_EQ(told.events.size(), 2U);
  EXPECT_DOUBLE_EQ(told.events[0].moment.at, 1.5);
  EXPECT_DOUBLE_EQ(told.events[1].moment.error, .031);
  for (const char* events :
       {"null", "3", "{}", R"([{"event":"lamp"}])", R"([{"event":"lockout","on":true}])", "[1]"}) {
    const auto wrong = parsed<Defective>(R"({"type":"box_events","piste":"A","first":1,"events":)" +
                                         std::string(events) + "}");
    EXPECT_EQ(wrong.type, Defective::Type::box);
    EXPECT_NE(wrong.problem.find("events"), std::string::npos) << wrong.problem;
  }
  EXPECT_EQ(parsed<Defective>(R"({"type":"box_events","piste":"A","first":0,"events":[]})").type,
            Defective::Type::box);
}

TEST(Parse, PingKeepsWhatThePongIsToEcho) {
  EXPECT_EQ(parsed<Ping>(R"({"type": "ping"})").id, "");
  const auto ping = parsed<Ping>(R"({"type":"ping","id":"a\"b","timestamp":1699276800.25})");
  EXPECT_EQ(ping.id, R"("a\"b")");
  EXPECT_EQ(ping.timestamp, "1699276800.25");
  EXPECT_EQ(parsed<Ping>(R"({"type":"ping","id":[1,2],"timestamp":{}})").id, "") << "only texts and numbers";
}

TEST(Parse, WhatIsNotJson) {
  for (const char* text :
       {"", " ", "hello", "{", R"({"type": "ping")", R"({"type": "ping"} x)", R"({'type': 'ping'})",
        "{\"type\": \"pi\xFFng\"}", R"({"type": "ping",})", "NaNcy", "nan"}) {
    const auto message = parse(text);
    ASSERT_FALSE(message.ok()) << text;
    EXPECT_EQ(message.error().code, ParseError::not_json) << text;
  }
}

TEST(Parse, JsonThatIsNoMessage) {
  for (const char* text :
       {"[]", "3", "null", "\"ping\"", "NaN", "true", "{}", R"({"type": 5})", R"({"type": null})",
        R"({"type": "launch"})", R"({"type": ""})", R"({"Type": "ping"})"}) {
    const auto message = parse(text);
    ASSERT_FALSE(message.ok()) << text;
    EXPECT_EQ(message.error().code, ParseError::format) << text;
  }
}

TEST(Parse, NanInsideATextStaysText) {
  EXPECT_EQ(parsed<SessionStart>(start_with("session_id", R"("NaN \"Infinity")")).session_id,
            "NaN \"Infinity");
  const auto defect =
      parsed<Defective>(R"({"type":"frame","session_id":"a\\","encoding":"NaN","frame_number":NaN})");
  EXPECT_EQ(defect.type, Defective::Type::frame);
}

TEST(Parse, DepthAndSizeAreBounded) {
  const std::string deep = R"({"type":"ping","x":)" + std::string(40, '[') + std::string(40, ']') + "}";
  EXPECT_EQ(parse(deep).error().code, ParseError::not_json);
  const std::string very_deep(max_text_bytes, '[');
  EXPECT_EQ(parse(very_deep).error().code, ParseError::not_json);
  const std::string large = R"({"type":"ping","x":")" + std::string(max_text_bytes, 'x') + "\"}";
  EXPECT_EQ(parse(large).error().code, ParseError::not_json);
}

TEST(Parse, UnknownFieldsAreIgnored) {
  EXPECT_EQ(parsed<FrameHeader>(frame_with("3", R"(,"lens":{"k1":[0.1]},"quality":"best")")).number, 3);
}

}  // namespace
}  // namespace piste::protocol
