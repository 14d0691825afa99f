// Sessions whose frames are H.264 units: what is taken and what is not, over one connection, several, and a
// restart.
#include "session/conversation.h"
#include "session/test_client.h"

namespace piste::session {
namespace {

using testing::HasSubstr;

constexpr const char* h264 = R"(,"encoding":"h264")";
constexpr const char* frame_refused = "FRAME_PROCESSING_FAILED";

class H264Session : public SessionTest {
 protected:
  static void send(TestClient& client, std::int64_t number, std::string_view bytes,
                   const std::string& encoding = "h264") {
    client.text(R"({"type":"frame","session_id":"s","frame_number":)" + std::to_string(number) +
                R"(,"encoding":")" + encoding + "\"}");
    client.binary(bytes);
  }
  static void send_run(TestClient& client, std::int64_t first, std::int64_t end) {
    for (auto number = first; number < end; ++number) send(client, number, number == first ? "KEY" : "unit");
  }
  // Sends the frame, which must be refused, once; the text of the answer.
  static std::string refusal(TestClient& client, std::int64_t number, std::string_view bytes,
                             const std::string& encoding = "h264") {
    client.skip();
    client.text(R"({"type":"frame","session_id":"s","frame_number":)" + std::to_string(number) +
                R"(,"encoding":")" + encoding + "\"}");
    if (client.waiting() == 0) client.binary(bytes);
    EXPECT_EQ(client.waiting(), 1u) << "exactly one answer";
    const auto answer = client.next();
    EXPECT_EQ(TestClient::kind(answer), frame_refused);
    EXPECT_EQ(answer.at("recoverable"), true);
    EXPECT_EQ(answer.at("frame_number"), number);
    return std::string(answer.at("error_message").as_string());
  }
};

TEST_F(H264Session, UnitsAreAcknowledgedAndInTheLogAsTheyCame) {
  auto client = started("s", h264);
  send_run(*client, 0, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client->next_kind(), "frame_ack");
  auto& phrase = engine.phrase();
  ASSERT_EQ(phrase.pushed.size(), 3u);
  EXPECT_TRUE(phrase.pushed[0].frame.key);
  EXPECT_FALSE(phrase.pushed[1].frame.key);
  EXPECT_EQ(phrase.pushed[1].frame.encoding, types::Encoding::h264);
  EXPECT_EQ(*phrase.log.read(1)->bytes, bytes_of("unit"));
  EXPECT_FALSE(phrase.log.entry(1).key);
}

TEST_F(H264Session, TheFirstFrameMustBeAKeyFrame) {
  auto client = started("s", h264);
  EXPECT_THAT(refusal(*client, 0, "unit"), HasSubstr("the first H.264 frame must be a key frame"));
  send_run(*client, 0, 2);
  EXPECT_EQ(client->next_kind(), "frame_ack");
  EXPECT_EQ(client->next_kind(), "frame_ack");
}

TEST_F(H264Session, KeyFramesMustComeNowAndThen) {
  auto client = started("s", h264);
  send_run(*client, 0, 301);
  EXPECT_EQ(client->skip(), 301u);
  EXPECT_THAT(refusal(*client, 301, "unit"), HasSubstr("a key frame is due"));
  send_run(*client, 301, 303);
  EXPECT_EQ(client->next_kind(), "frame_ack");
  EXPECT_EQ(client->next_kind(), "frame_ack");
}

TEST_F(H264Session, EncodingsDoNotMix) {
  auto client = started("s", h264);
  send(*client, 0, "KEY");
  for (const char* encoding : {"jpeg", "png", "raw"})
    EXPECT_THAT(refusal(*client, 1, "picture", encoding), HasSubstr("session_start announced h264"));
  send(*client, 1, "unit");
  EXPECT_EQ(client->next_kind(), "frame_ack");

  for (const char* announced : {"", R"(,"encoding":"jpeg")", R"(,"encoding":null)"}) {
    auto other = started("other", announced);
    other->text(R"({"type":"frame","frame_number":0,"encoding":"h264"})");
    EXPECT_THAT(std::string(other->next().at("error_message").as_string()),
                HasSubstr("session_start did not announce it"));
    other->abort();
  }
}

TEST_F(H264Session, DamagedUnitsAreRefusedAndMayComeAgain) {
  auto client = started("s", h264);
  send(*client, 0, "KEY");
  EXPECT_THAT(refusal(*client, 1, "BAD"), HasSubstr("Failed to decode frame 1"));
  send(*client, 1, "unit");
  EXPECT_EQ(client->next_kind(), "frame_ack");
}

TEST_F(H264Session, AnEncodingThatIsNoneFailsTheStart) {
  auto client = connect();
  client->start("s", R"(,"encoding":"h265")");
  const auto answer = client->next();
  EXPECT_EQ(TestClient::kind(answer), "SESSION_START_FAILED");
  EXPECT_EQ(answer.at("error_message"), "encoding must be jpeg, png, raw or h264");
}

TEST_F(H264Session, AMissingUnitIsAnIssueThatSaysWhatItCosts) {
  auto client = started("s", h264);
  send_run(*client, 0, 5);
  send(*client, 6, "unit");
  send_run(*client, 7, 15);
  client->skip();
  client->end(15);
  const auto validation = client->next().at("validation").as_object();
  EXPECT_EQ(validation.at("valid"), false);
  EXPECT_THAT(
      json::serialize(validation.at("issues")),
      HasSubstr("1 frame is missing: 5; H.264 frames after a missing one are lost up to the next key frame"));
}

TEST_F(H264Session, IsResumedInMidStream) {
  auto client = started("s", h264);
  send_run(*client, 0, 5);
  const std::string token = client->token();
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("ranges"), json::parse("[[0,4]]"));
  send(*fresh, 4, "unit");
  EXPECT_EQ(fresh->next().at("status"), "duplicate");
  EXPECT_THAT(refusal(*fresh, 5, "picture", "jpeg"), HasSubstr("announced h264"));
  send(*fresh, 5, "unit");
  EXPECT_EQ(fresh->next().at("status"), "received") << "it goes on where the run was";
}

TEST_F(H264Session, IsFoundAgainAfterARestart) {
  auto client = started("s", h264);
  send_run(*client, 0, 150);
  send(*client, 151, "unit");
  const std::string token = client->token();
  stop();
  registry().recover(now);
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("ranges"), json::parse("[[0,149],[151,151]]"));
  auto& phrase = engine.phrase(1);
  ASSERT_EQ(phrase.pushed.size(), 151u);
  EXPECT_TRUE(phrase.pushed[0].frame.key);
  EXPECT_FALSE(phrase.pushed[150].frame.key);
  EXPECT_THAT(refusal(*fresh, 150, "picture", "jpeg"), HasSubstr("announced h264"));
  send(*fresh, 150, "unit");
  EXPECT_EQ(fresh->next().at("status"), "received");
  for (std::int64_t number = 152; number <= 300; ++number) send(*fresh, number, "unit");
  EXPECT_EQ(fresh->skip(), 149u);
  EXPECT_THAT(refusal(*fresh, 301, "unit"), HasSubstr("a key frame is due")) << "counted over the restart";
}

}  // namespace
}  // namespace piste::session
