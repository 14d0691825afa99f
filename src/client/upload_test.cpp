#include "client/upload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "client/testing/certificate.h"
#include "client/testing/fake_server.h"
#include "video/codec.h"
#include "video/writer.h"

namespace piste::client {
namespace {

using testing::Behaviour;
using testing::Certificate;
using ::testing::ElementsAre;
using testing::FakeServer;
using ::testing::HasSubstr;

class Upload : public ::testing::Test {
 protected:
  Upload() : directory_(std::filesystem::temp_directory_path() / ("upload" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ / "phrase.txt") << "the log";
  }
  ~Upload() override { std::filesystem::remove_all(directory_); }

  UploadOptions options(const std::string& url, const std::string& video = "a video") {
    std::ofstream(directory_ / "phrase.avi", std::ios::binary) << video;
    UploadOptions out;
    out.server = *parse_server_url(url);
    out.video = directory_ / "phrase.avi";
    out.signal = directory_ / "phrase.txt";
    return out;
  }

  int upload(const UploadOptions& given) { return run_upload(given, {out_, err_, false}); }

  const std::filesystem::path directory_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(Upload, ABusyServerIsAskedAgainWhenItSays) {
  Behaviour behaviour;
  behaviour.busy_for = {{"analyze", 2}};
  FakeServer server(behaviour);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(upload(options(server.url())), 0) << err_.str();
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_THAT(err_.str(), HasSubstr("The server has too much to do; trying again for up to 60 s"));
  EXPECT_THAT(server.received().targets, ElementsAre("/analyze", "/analyze", "/analyze"));
  EXPECT_THAT(server.received().body, HasSubstr("a video"));
}

TEST_F(Upload, AServerThatAsksForMuchPatienceIsNotWaitedFor) {
  Behaviour behaviour;
  behaviour.busy_for = {{"analyze", 1}};
  behaviour.retry_after = 3'000;
  FakeServer server(behaviour);
  EXPECT_EQ(upload(options(server.url())), 3);
  EXPECT_THAT(err_.str(), HasSubstr("The server has too much to do; it may be tried again in 3000 s"));
}

TEST_F(Upload, SendsTheGuidesFormAndShowsTheVerdict) {
  FakeServer server;
  UploadOptions given = options(server.url());
  given.output = directory_ / "result.json";
  given.overlay = false;
  given.weapon = types::Weapon::foil;
  EXPECT_EQ(upload(given), 0) << err_.str();
  const std::string body = server.received().body;
  for (const char* part :
       {"name=\"video\"; filename=\"phrase.avi\"", "a video", "name=\"signal\"; filename=\"phrase.txt\"",
        "the log", "name=\"save_overlay\"\r\n\r\nfalse", "name=\"include_keypoints\"\r\n\r\nfalse", "foil"}) {
    EXPECT_THAT(body, HasSubstr(part));
  }
  EXPECT_THAT(out_.str(), HasSubstr("Winner:      left"));
  EXPECT_TRUE(std::filesystem::exists(given.output));
}

TEST_F(Upload, ALargeFileArrivesWhole) {
  FakeServer server;
  std::string video(5'000'000, '\0');
  for (std::size_t i = 0; i < video.size(); ++i) video[i] = static_cast<char>(i * 2654435761u >> 13);
  EXPECT_EQ(upload(options(server.url(), video)), 0) << err_.str();
  EXPECT_NE(server.received().body.find(video), std::string::npos);
}

TEST_F(Upload, ARefusalIsShownWithWhatTheServerSays) {
  Behaviour behaviour;
  behaviour.analyze_status = 422;
  behaviour.analyze_body = R"({"detail":"not a scoring log"})";
  FakeServer server(behaviour);
  EXPECT_EQ(upload(options(server.url())), 1);
  EXPECT_THAT(err_.str(), HasSubstr("HTTP 422"));
  EXPECT_THAT(err_.str(), HasSubstr("not a scoring log"));
}

TEST_F(Upload, AnAnswerBeforeTheEndIsHeard) {
  Behaviour behaviour;
  behaviour.analyze_status = 413;
  behaviour.analyze_body = R"({"error":"the upload is too large"})";
  behaviour.analyze_answers_at_once = true;
  FakeServer server(behaviour);
  EXPECT_EQ(upload(options(server.url(), std::string(30'000'000, 'v'))), 1) << err_.str();
  EXPECT_THAT(err_.str(), HasSubstr("the upload is too large"));
}

TEST_F(Upload, NoServerIsThreeAndAMissingFileTwo) {
  std::uint16_t port = 0;
  {
    port = FakeServer().port();
  }
  EXPECT_EQ(upload(options("http://127.0.0.1:" + std::to_string(port))), 3);
  FakeServer server;
  UploadOptions given = options(server.url());
  given.video = directory_ / "missing.avi";
  EXPECT_EQ(upload(given), 2);
}

TEST_F(Upload, Health) {
  FakeServer server;
  UploadOptions given = options(server.url("/prefix"));
  given.health = true;
  EXPECT_EQ(upload(given), 0);
  EXPECT_EQ(out_.str(), "{\"status\":\"ok\"}\n");
  EXPECT_THAT(server.received().targets, ElementsAre("/prefix/health"));
}

TEST_F(Upload, HealthThatIsRefusedIsOneAndNoServerThree) {
  for (const unsigned status : {404u, 401u, 500u, 503u}) {
    Behaviour behaviour;
    behaviour.health_status = status;
    FakeServer server(behaviour);
    UploadOptions given = options(server.url());
    given.health = true;
    EXPECT_EQ(upload(given), 1) << status;
    EXPECT_THAT(err_.str(), HasSubstr("HTTP " + std::to_string(status)));
  }
  UploadOptions given = options("http://127.0.0.1:" + std::to_string(FakeServer().port()));
  given.health = true;
  EXPECT_EQ(upload(given), 3);
}

// ---- TLS

TEST_F(Upload, HttpsToAPlainPortSaysSo) {
  FakeServer server;
  EXPECT_EQ(upload(options("https://127.0.0.1:" + std::to_string(server.port()))), 3);
  EXPECT_THAT(err_.str(), HasSubstr("http://"));
  EXPECT_THAT(err_.str(), HasSubstr("not TLS"));
}

TEST_F(Upload, TlsNeedsACertificateThatIsTrusted) {
  const Certificate certificate(directory_, "127.0.0.1");
  Behaviour behaviour;
  behaviour.certificate = certificate.chain;
  behaviour.key = certificate.key;
  FakeServer server(behaviour);
  UploadOptions given = options(server.url());
  EXPECT_EQ(upload(given), 3);
  EXPECT_THAT(err_.str(), HasSubstr("not trusted"));
  EXPECT_THAT(err_.str(), HasSubstr("--ca"));
  given.ca = certificate.chain;
  EXPECT_EQ(upload(given), 0) << err_.str();
}

TEST_F(Upload, TlsNeedsTheRightName) {
  const Certificate certificate(directory_, "127.0.0.2");
  Behaviour behaviour;
  behaviour.certificate = certificate.chain;
  behaviour.key = certificate.key;
  FakeServer server(behaviour);
  UploadOptions given = options(server.url());
  given.ca = certificate.chain;
  EXPECT_EQ(upload(given), 3);
}

// ---- smart

class Smart : public Upload {
 protected:
  SmartOptions smart(const FakeServer& server) {
    SmartOptions out;
    out.upload = options(server.url());
    auto writer =
        video::RebuiltVideoWriter::create(directory_ / "phrase.mkv", types::Encoding::jpeg, 64, 48, 30);
    const types::Image image{64, 48, types::Bytes(64 * 48 * 3, 90)};
    const auto bytes = std::make_shared<const types::Bytes>(*video::encode_jpeg(image, 80));
    for (int i = 0; i < 3; ++i) {
      const types::EncodedFrame frame{i, std::nullopt, types::Encoding::jpeg, 64, 48, bytes};
      EXPECT_TRUE((*writer)->write(frame, i / 30.0));
    }
    EXPECT_TRUE((*writer)->finish());
    out.upload.video = directory_ / "phrase.mkv";
    return out;
  }
};

TEST_F(Smart, StreamsWhereTheServerCan) {
  FakeServer server;
  EXPECT_EQ(run_smart(smart(server), {out_, err_, false}), 0) << err_.str();
  EXPECT_THAT(server.received().targets, ElementsAre("/streaming/stats", "/stream"));
  EXPECT_EQ(server.received().frames.size(), 3u);
  EXPECT_THAT(err_.str(), HasSubstr("Using streaming mode"));
}

TEST_F(Smart, UploadsElse) {
  Behaviour behaviour;
  behaviour.has_streaming = false;
  FakeServer server(behaviour);
  EXPECT_EQ(run_smart(smart(server), {out_, err_, false}), 0) << err_.str();
  EXPECT_THAT(server.received().targets, ElementsAre("/streaming/stats", "/analyze"));
  EXPECT_THAT(err_.str(), HasSubstr("Using legacy mode"));
}

TEST_F(Smart, WithoutAServerThereIsNoWay) {
  SmartOptions given;
  {
    FakeServer server;
    given = smart(server);
  }
  EXPECT_EQ(run_smart(given, {out_, err_, false}), 3);
}

// Streaming over TLS: the same stream underneath.
TEST_F(Smart, StreamsOverTls) {
  const Certificate certificate(directory_, "127.0.0.1");
  Behaviour behaviour;
  behaviour.certificate = certificate.chain;
  behaviour.key = certificate.key;
  FakeServer server(behaviour);
  SmartOptions given = smart(server);
  given.upload.ca = certificate.chain;
  EXPECT_EQ(run_smart(given, {out_, err_, false}), 0) << err_.str();
  EXPECT_EQ(server.received().frames.size(), 3u);
}

}  // namespace
}  // namespace piste::client
