// POST /analyze over a real socket.
#include <fstream>

#include "server/server_fixture.h"

namespace piste::server {
namespace {

using test::body_of;
using test::Form;
using test::FormPart;
using test::HttpClient;
using test::post_form;
using testing::HasSubstr;
namespace http = test::http;

const FormPart video{"video", "RIFF....", "phrase.avi"};
const FormPart log_part{"signal", "Phrase 1", "phrase.txt"};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class UploadTest : public ServerTest {
 protected:
  http::status status_of(const std::vector<FormPart>& parts, std::string_view target = "/analyze") {
    return post_form(port(), target, parts).result();
  }
  std::string detail_of(const std::vector<FormPart>& parts) {
    return std::string(body_of(post_form(port(), "/analyze", parts)).at("detail").as_string());
  }
  bool idle() { return registry->active() == 0; }
};

TEST_F(UploadTest, AVideoAndALogGetAResult) {
  std::string large;
  for (int i = 0; i < 3'000'000; ++i) large += static_cast<char>(i * 31 >> 2);
  const auto response = post_form(port(), "/analyze", {{"video", large, "My Phrase.AVI"}, log_part});
  EXPECT_EQ(response.result(), http::status::ok);
  EXPECT_EQ(body_of(response).at("winner"), "left");
  ASSERT_EQ(engine.files.size(), 1u);
  EXPECT_EQ(engine.files[0].video.extension(), ".avi");
  EXPECT_TRUE(read_file(engine.files[0].video) == large);
  EXPECT_EQ(engine.files[0].log, "Phrase 1");
  EXPECT_TRUE(engine.files[0].settings.save_overlay);
  EXPECT_FALSE(engine.files[0].settings.include_keypoints);
}

TEST_F(UploadTest, OptionsComeFromTheFormOrTheUrl) {
  EXPECT_EQ(
      status_of({video, log_part, {"include_keypoints", "Yes"}, {"save_overlay", "0"}, {"weapon", "foil"}}),
      http::status::ok);
  EXPECT_TRUE(engine.files[0].settings.include_keypoints);
  EXPECT_FALSE(engine.files[0].settings.save_overlay);
  EXPECT_EQ(engine.files[0].settings.weapon, types::Weapon::foil);
  EXPECT_EQ(status_of({log_part, video}, "/analyze?include_keypoints=true&save_overlay=o%66f"),
            http::status::ok);
  EXPECT_TRUE(engine.files[1].settings.include_keypoints);
  EXPECT_FALSE(engine.files[1].settings.save_overlay);
}

TEST_F(UploadTest, BadOptionsGet400) {
  EXPECT_EQ(status_of({video, log_part, {"include_keypoints", ""}, {"save_overlay", " "}, {"weapon", ""}}),
            http::status::ok)
      << "left empty, as browsers send it";
  EXPECT_FALSE(engine.files.at(0).settings.include_keypoints);
  EXPECT_TRUE(engine.files.at(0).settings.save_overlay);
  EXPECT_FALSE(engine.files.at(0).settings.weapon);
  EXPECT_EQ(status_of({video, log_part, {"weapon", "\u00c9p\u00e9e"}}), http::status::ok);
  EXPECT_EQ(engine.files.at(1).settings.weapon, types::Weapon::epee);
  EXPECT_EQ(status_of({video, log_part, {"include_keypoints", "maybe"}}), http::status::bad_request);
  EXPECT_EQ(status_of({video, log_part, {"weapon", "axe"}}), http::status::bad_request);
  EXPECT_EQ(status_of({video, log_part}, "/analyze?save_overlay=2"), http::status::bad_request);
  EXPECT_EQ(status_of({video, log_part, {"weapon", std::string(5'000, 'x')}}),
            http::status::payload_too_large);
  EXPECT_EQ(engine.files.size(), 2u) << "none of the bad ones was analysed";
}

TEST_F(UploadTest, AMissingPartIsNamed) {
  EXPECT_EQ(status_of({log_part}), http::status::bad_request);
  EXPECT_THAT(detail_of({log_part}), HasSubstr("'video'"));
  EXPECT_THAT(detail_of({{"other", "x", "x.avi"}, log_part}), HasSubstr("'video'"));
  EXPECT_THAT(detail_of({video, video, log_part}), HasSubstr("twice"));
  EXPECT_TRUE(engine.files.empty());
}

TEST_F(UploadTest, ALogMayBeMissing) {
  EXPECT_EQ(status_of({video}), http::status::ok);
  EXPECT_EQ(engine.files.at(0).log, "");
  EXPECT_FALSE(engine.files.at(0).settings.lamps);
  EXPECT_EQ(status_of({video, {"lamps", "10,20,30,40"}, {"hits", "left@3.19, right@3.32:off_target"}}),
            http::status::ok);
  const auto& settings = engine.files.at(1).settings;
  EXPECT_EQ(settings.lamps.value().box, (types::Area{10, 20, 30, 40}));
  ASSERT_EQ(settings.hits.size(), 2u);
  EXPECT_FALSE(settings.hits[1].valid);
  EXPECT_EQ(status_of({video}, "/analyze?hits=left@1"), http::status::ok);
  EXPECT_EQ(engine.files.at(2).settings.hits.size(), 1u);
  engine.file_failure = pipeline::Error{pipeline::ErrorCode::log, "there is no scoring log"};
  EXPECT_EQ(status_of({video}), http::status::unprocessable_entity);
}

TEST_F(UploadTest, APersonsMarksAreTaken) {
  EXPECT_EQ(
      status_of(
          {video, log_part, {"fencers", "900,300,320,310"}, {"piste_corners", "0,400,1280,400,640,700"}}),
      http::status::ok);
  const auto& marks = engine.files.at(0).settings.marks;
  ASSERT_TRUE(marks.fencers);
  EXPECT_EQ(marks.fencers->left, (types::Spot{320, 310})) << "the one further left";
  EXPECT_EQ(marks.piste.size(), 3u);
  EXPECT_EQ(status_of({video, log_part, {"fencers", ""}, {"piste_corners", " "}}), http::status::ok)
      << "left empty";
  EXPECT_FALSE(engine.files.at(1).settings.marks.fencers);
  EXPECT_TRUE(engine.files.at(1).settings.marks.piste.empty());
  for (const char* none : {"here", "1,2", "1,2,1,2", "1,2,3", "-1,2,3,4", "nan,1,2,3"})
    EXPECT_EQ(status_of({video, log_part, {"fencers", none}}), http::status::bad_request) << none;
  for (const char* none : {"0,400", "0,0,10,0,20,0", "a,b,c,d,e,f"})
    EXPECT_EQ(status_of({video, log_part, {"piste_corners", none}}), http::status::bad_request) << none;
}

TEST_F(UploadTest, LampsAndHitsThatAreNoneGet400) {
  EXPECT_EQ(status_of({video, {"lamps", "here"}}), http::status::bad_request);
  EXPECT_EQ(status_of({video, {"hits", "left"}}), http::status::bad_request);
  EXPECT_EQ(status_of({video, log_part, {"hits", "left@1"}}), http::status::bad_request) << "the log or hits";
  EXPECT_EQ(status_of({video, log_part, {"hits", ""}, {"lamps", ""}}), http::status::ok) << "left empty";
}

TEST_F(UploadTest, ABlankFileFieldIsAMissingPart) {
  HttpClient client(port());
  client.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Content-Length: 76\r\n\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"video\"; filename=\"\"\r\n\r\n\r\n--b--\r\n ");
  const auto response = client.receive();
  EXPECT_EQ(response.result(), http::status::bad_request);
  EXPECT_THAT(response.body(), HasSubstr("'video'"));
}

TEST_F(UploadTest, WhatCannotBeReadGets422) {
  EXPECT_EQ(status_of({video, {"signal", "BAD", "x.txt"}}), http::status::unprocessable_entity);
  EXPECT_EQ(status_of({video, {"signal", "", "x.txt"}}), http::status::unprocessable_entity);
  engine.file_failure = pipeline::Error{pipeline::ErrorCode::video, "The video cannot be read"};
  const auto response = post_form(port(), "/analyze", {video, log_part});
  EXPECT_EQ(response.result(), http::status::unprocessable_entity);
  EXPECT_THAT(response.body(), HasSubstr("The video cannot be read"));
}

TEST_F(UploadTest, AFailedAnalysisGets500) {
  engine.file_failure = pipeline::Error{pipeline::ErrorCode::io, "The artifacts cannot be written"};
  EXPECT_EQ(status_of({video, log_part}), http::status::internal_server_error);
}

TEST_F(UploadTest, TooLargeIsRefusedBeforeItIsSent) {
  options.max_upload_bytes = 1 << 20;
  HttpClient client(port());
  client.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n");
  const auto response = client.receive();
  EXPECT_EQ(response.result(), http::status::payload_too_large);
  EXPECT_THAT(response.body(), HasSubstr("1 MB"));
}

TEST_F(UploadTest, TooLargeWithoutALengthIsRefusedOnTheWay) {
  options.max_upload_bytes = 1 << 20;
  HttpClient client(port());
  client.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Transfer-Encoding: chunked\r\n\r\n"
      "200000\r\n--b\r\nContent-Disposition: form-data; name=\"video\"; filename=\"v\"\r\n\r\n");
  client.send_raw(std::string(0x200000 - 67, 'v'));
  EXPECT_EQ(client.receive().result(), http::status::payload_too_large);
  until([&] { return idle(); });
  until([&] { return folder.count() == 0; });
}

TEST_F(UploadTest, ASignalThatIsTooLargeIsRefused) {
  EXPECT_EQ(status_of({video, {"signal", std::string(2 << 20, 's'), "x.txt"}}),
            http::status::payload_too_large);
}

TEST_F(UploadTest, CurlMayAskBeforeItSends) {
  const Form form({video, log_part});
  HttpClient client(port());
  client.send_raw("POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
                  "\r\nContent-Length: " + std::to_string(form.body.size()) +
                  "\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive(true).result(), http::status::continue_);
  client.send_raw(form.body);
  EXPECT_EQ(client.receive().result(), http::status::ok);
  EXPECT_EQ(client.get("/health").result(), http::status::ok);  // the connection goes on
}

TEST_F(UploadTest, ChunkedBodiesAreTaken) {
  const Form form({video, log_part});
  HttpClient client(port());
  client.send_raw("POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
                  "\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const char byte : form.body) client.send_raw("1\r\n" + std::string(1, byte) + "\r\n");
  client.send_raw("0\r\n\r\n");
  EXPECT_EQ(client.receive().result(), http::status::ok);
  EXPECT_EQ(read_file(engine.files.at(0).video), video.data);
}

TEST_F(UploadTest, WhatIsNoFormGets400) {
  HttpClient client(port());
  EXPECT_EQ(client.send(http::verb::post, "/analyze", "{}", {{"Content-Type", "application/json"}}).result(),
            http::status::bad_request);
  EXPECT_EQ(
      HttpClient(port())
          .send(http::verb::post, "/analyze", "junk", {{"Content-Type", "multipart/form-data; boundary=b"}})
          .result(),
      http::status::bad_request);
  HttpClient chunks(port());
  chunks.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
  EXPECT_EQ(chunks.receive().result(), http::status::bad_request);
}

TEST_F(UploadTest, TwoAtOnceWithOneNameHaveFoldersOfTheirOwn) {
  engine.hold = true;
  port();
  std::thread other([&] { EXPECT_EQ(status_of({{"video", "one", "a.avi"}, log_part}), http::status::ok); });
  std::thread another([&] { EXPECT_EQ(status_of({{"video", "two", "a.avi"}, log_part}), http::status::ok); });
  until([&] { return engine.running == 2; });
  engine.hold = false;
  other.join();
  another.join();
  ASSERT_EQ(engine.files.size(), 2u);
  EXPECT_NE(engine.files[0].video, engine.files[1].video);
  EXPECT_NE(read_file(engine.files[0].video), read_file(engine.files[1].video));
}

TEST_F(UploadTest, TooManyGet503AndWhenToComeBack) {
  limits.max_sessions = 1;
  test::WebSocketClient streaming(port());
  streaming.start("s", 640, 480);
  const auto response = post_form(port(), "/analyze", {video, log_part});
  EXPECT_EQ(response.result(), http::status::service_unavailable);
  EXPECT_NE(response["Retry-After"], "");
}

TEST_F(UploadTest, AClientThatGoesAwayCancelsItsAnalysis) {
  engine.hold = true;
  const Form form({video, log_part});
  HttpClient client(port());
  client.send_raw("POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
                  "\r\nContent-Length: " + std::to_string(form.body.size()) + "\r\n\r\n" + form.body);
  until([&] { return engine.running == 1; });
  client.close();
  until([&] { return engine.running == 0 && idle(); });
  EXPECT_TRUE(engine.was_cancelled);
}

TEST_F(UploadTest, AnUploadThatStopsHalfwayLeavesNothing) {
  HttpClient client(port());
  client.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Content-Length: 10000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"video\"\r\n\r\nxxx");
  until([&] { return registry->active() == 1; });
  client.close();
  until([&] { return idle(); });
  until([&] { return folder.count() == 0; });
}

TEST_F(UploadTest, AStalledUploadIsCutOff) {
  options.body_timeout = std::chrono::milliseconds(100);
  HttpClient client(port());
  client.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Content-Length: 10000\r\n\r\n--b\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer.result(), http::status::request_timeout);
  EXPECT_NE(std::string(body_of(answer).at("error").as_string()), "");
  EXPECT_TRUE(client.closed());
  until([&] { return idle(); });
}

TEST_F(UploadTest, ItsResultIsKnownByItsSessionId) {
  ASSERT_EQ(status_of({video, log_part}), http::status::ok);
  const std::string id = "upload-" + test::phrases_in(folder.path()).front().filename().string();
  HttpClient client(port());
  EXPECT_EQ(body_of(client.get("/sessions/" + id + "/result")).at("winner"), "left");
  EXPECT_EQ(body_of(client.get("/sessions/" + id)).at("state"), "COMPLETE");
}

TEST_F(UploadTest, WhileItIsAnalysedItsResultIsToCome) {
  engine.hold = true;
  port();
  std::thread other([&] { EXPECT_EQ(status_of({video, log_part}), http::status::ok); });
  until([&] { return engine.running == 1; });
  const std::string id = "upload-" + test::phrases_in(folder.path()).front().filename().string();
  EXPECT_EQ(HttpClient(port()).get("/sessions/" + id + "/result").result(), http::status::accepted);
  EXPECT_EQ(body_of(HttpClient(port()).get("/sessions/" + id)).at("state"), "PROCESSING");
  engine.hold = false;
  other.join();
}

// Ten connections that send drop by drop kept all the seats from everybody.
TEST_F(UploadTest, OneThatIsOnItsWayTakesNoSeat) {
  limits.max_sessions = 1;
  HttpClient slow(port());
  slow.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Content-Length: 1000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"video\"; "
      "filename=\"v\"\r\n\r\n");
  until([&] { return registry->active() == 1; });
  test::WebSocketClient streaming(port());
  EXPECT_EQ(streaming.start("s", 640, 480).at("type"), "session_started");
}

TEST_F(UploadTest, OneThatIsHereWaitsForASeat) {
  limits.max_sessions = 1;
  const Form form({video, log_part});
  HttpClient client(port());
  client.send_raw("POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
                  "\r\nContent-Length: " + std::to_string(form.body.size()) + "\r\n\r\n" +
                  form.body.substr(0, 10));
  until([&] { return registry->active() == 1; });
  auto streaming = std::make_unique<test::WebSocketClient>(port());
  EXPECT_EQ(streaming->start("s", 640, 480).at("type"), "session_started");
  client.send_raw(form.body.substr(10));
  streaming->close();
  EXPECT_EQ(client.receive().result(), http::status::ok);
}

TEST_F(UploadTest, WhereNoSeatBecomesFreeItIsToldWhenToComeBack) {
  limits.max_sessions = 1;
  options.seat_patience = std::chrono::milliseconds(0);
  const Form form({video, log_part});
  HttpClient client(port());
  client.send_raw("POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
                  "\r\nContent-Length: " + std::to_string(form.body.size()) + "\r\n\r\n" +
                  form.body.substr(0, 10));
  until([&] { return registry->active() == 1; });
  test::WebSocketClient streaming(port());
  streaming.start("s", 640, 480);
  client.send_raw(form.body.substr(10));
  const auto refused = client.receive();
  EXPECT_EQ(refused.result(), http::status::service_unavailable);
  EXPECT_NE(refused["Retry-After"], "");
}

TEST_F(UploadTest, SoManyMayBeOnTheirWayAtATime) {
  limits.max_sessions = 1;  // two of one client
  const auto begin = [&](HttpClient& client) {
    client.send_raw(
        "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        "Content-Length: 1000\r\n\r\n");
  };
  HttpClient one(port());
  HttpClient two(port());
  begin(one);
  begin(two);
  until([&] { return registry->active() == 2; });
  HttpClient three(port());
  begin(three);
  EXPECT_EQ(three.receive().result(), http::status::service_unavailable);
}

// Each piece comes in time, and all of it never would. Once all of it is here, it would be no form.
TEST_F(UploadTest, OneThatComesDropByDropIsCutOff) {
  constexpr std::size_t piece = 64 * 1024;
  constexpr int pieces = 100;
  options.body_timeout = std::chrono::milliseconds(300);
  options.min_upload_rate = 1 << 30;
  HttpClient slow(port());
  slow.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Content-Length: " +
      std::to_string(piece * pieces) + "\r\n\r\n");
  until([&] { return registry->active() == 1; });
  for (int i = 0; i < pieces && !idle(); ++i) {
    const auto next = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
    try {
      slow.send_raw(std::string(piece, 'x'));
    } catch (const boost::system::system_error&) {
      break;  // the server need not take it all
    }
    until([&] { return std::chrono::steady_clock::now() >= next; });
  }
  EXPECT_EQ(slow.receive().result(), http::status::request_timeout);
  until([&] { return idle(); });
  until([&] { return folder.count() == 0; });
}
}  // namespace
}  // namespace piste::server
