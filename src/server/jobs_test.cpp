// POST /analyze with "Prefer: respond-async": judged later, whatever becomes of the connection and the
// service.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "server/server_fixture.h"
#include "server/tokens.h"

namespace piste::server {
namespace {

using test::body_of;
using test::FormPart;
using test::HttpClient;
using testing::HasSubstr;
namespace http = test::http;

const FormPart later_video{"video", "RIFF....", "phrase.avi"};
const FormPart later_log{"signal", "Phrase 1", "phrase.txt"};

class JobsTest : public ServerTest {
 protected:
  JobsTest() { finds_left = true; }
  // Where its result will be.
  std::string send(const std::vector<FormPart>& parts) {
    const auto answer = post(parts);
    EXPECT_EQ(answer.result(), http::status::accepted) << answer.body();
    EXPECT_EQ(answer[http::field::preference_applied], "respond-async");
    const std::string location(answer[http::field::location]);
    EXPECT_EQ(location, "/sessions/" + std::string(body_of(answer).at("session_id").as_string()) + "/result");
    return location;
  }
  test::Response post(const std::vector<FormPart>& parts, const std::string& path = "/analyze") {
    const test::Form form(parts);
    return HttpClient(port()).send(
        http::verb::post, path, form.body,
        {{"Content-Type", form.content_type}, {"Prefer", "wait=0, Respond-Async"}});
  }
  test::Response ask(const std::string& path) { return HttpClient(port()).get(path); }
  test::Response over(const std::string& location) {
    until([&] { return ask(location).result() != http::status::accepted; });
    return ask(location);
  }
  void start_again() {
    stop();
    server.reset();
    registry.reset();
  }
};

TEST_F(JobsTest, IsAnsweredBeforeItIsJudged) {
  engine.hold = true;
  const auto location = send({later_video, later_log, {"weapon", "foil"}, {"save_overlay", "no"}});
  EXPECT_EQ(ask(location).result(), http::status::accepted);
  EXPECT_NE(ask(location)[http::field::retry_after], "");
  engine.hold = false;
  const auto answer = over(location);
  EXPECT_EQ(answer.result(), http::status::ok);
  EXPECT_EQ(body_of(answer).at("winner"), "left");
  EXPECT_EQ(engine.files.at(0).log, "Phrase 1");
  EXPECT_EQ(engine.files.at(0).settings.weapon, types::Weapon::foil);
  EXPECT_FALSE(engine.files.at(0).settings.save_overlay);
}

TEST_F(JobsTest, WhatIsWrongIsSaidAtOnceOrLater) {
  EXPECT_EQ(post({later_log}).result(), http::status::bad_request);
  engine.file_failure = pipeline::Error{pipeline::ErrorCode::video, "no frame in it"};
  const auto location = send({later_video, later_log});
  EXPECT_EQ(over(location).result(), http::status::internal_server_error);
  EXPECT_THAT(over(location).body(), HasSubstr("no frame in it"));
  start_again();
  EXPECT_THAT(over(location).body(), HasSubstr("no frame in it")) << "by another run too";
  EXPECT_EQ(engine.files.size(), 1u);
}

TEST_F(JobsTest, AServiceThatIsStartedAgainGoesOn) {
  engine.hold = true;
  const auto first = send({later_video, later_log}), second = send({later_video}),
             third = send({later_video});
  until([&] { return engine.running == 2; });
  start_again();
  engine.files.clear();
  engine.hold = false;
  port();
  for (const auto& location : {first, second, third}) EXPECT_EQ(over(location).result(), http::status::ok);
  EXPECT_EQ(engine.files.size(), 3u);
  start_again();
  EXPECT_EQ(ask(first).result(), http::status::ok);
  EXPECT_EQ(engine.files.size(), 3u) << "they are done";
}

TEST_F(JobsTest, SaysHowFarItIs) {
  limits.max_sessions = 1;
  engine.hold = true;
  const auto first = send({later_video, later_log}), second = send({later_video});
  until([&] { return engine.running == 1; });
  const auto state_of = [&](const std::string& location) {
    return body_of(ask(location.substr(0, location.rfind('/'))));
  };
  EXPECT_EQ(state_of(first).at("state"), "PROCESSING");
  EXPECT_EQ(state_of(first).at("progress"), 0);
  EXPECT_EQ(state_of(first).at("attached"), false);
  EXPECT_EQ(state_of(second).at("state"), "CREATE");
  const std::string path = second.substr(0, second.rfind('/'));
  EXPECT_EQ(HttpClient(port()).send(http::verb::delete_, path, "", {}).result(), http::status::conflict);
  engine.hold = false;
  EXPECT_EQ(over(second).result(), http::status::ok);
  EXPECT_EQ(state_of(second).at("state"), "COMPLETE");
}

TEST_F(JobsTest, WaitsForASeatOfAPhrase) {
  limits.max_sessions = 1;
  auto phrase = std::make_unique<test::WebSocketClient>(port(), "/stream");
  phrase->start("s", 640, 480);
  EXPECT_EQ(test::post_form(port(), "/analyze", {later_video, later_log}).result(),
            http::status::service_unavailable);
  const auto location = send({later_video, later_log});
  EXPECT_EQ(ask(location).result(), http::status::accepted);
  phrase.reset();
  EXPECT_EQ(over(location).result(), http::status::ok);
}

TEST_F(JobsTest, AnOrderlyStopBeginsNoOther) {
  limits.max_sessions = 1;
  engine.hold = true;
  const auto first = send({later_video, later_log}), second = send({later_video});
  until([&] { return engine.running == 1; });
  server->stop();
  until([&] { return ask("/readyz").result() != http::status::ok; });
  engine.hold = false;
  join();  // it waits for the one that is being judged
  server.reset();
  registry.reset();
  EXPECT_EQ(engine.files.size(), 1u);
  EXPECT_EQ(ask(first).result(), http::status::ok);
  EXPECT_EQ(over(second).result(), http::status::ok);
}

TEST_F(JobsTest, ItsAddressHasThePistesName) {
  const auto answer = post({later_video, later_log}, "/piste-A/analyze");
  const std::string location(answer[http::field::location]);
  EXPECT_THAT(location, testing::StartsWith("/piste-A/sessions/upload-"));
  EXPECT_EQ(over(location).result(), http::status::ok);
}

// What another asks for is not there, neither while it waits nor later.
TEST_F(JobsTest, IsItsOwnersAlone) {
  options.tokens_file = folder / "tokens";
  const auto write = [&](const std::vector<Token>& tokens) {
    std::ofstream file(options.tokens_file, std::ios::trunc);
    for (const Token& token : tokens) file << token_line(token) << "\n";
  };
  const Token a{"salle-a", hash_of("secret-a")}, b{"salle-b", hash_of("secret-b")};
  write({a, b});
  limits.max_sessions = 1;
  engine.hold = true;
  const auto sent = [&] {
    return std::string(post({later_video, later_log}, "/analyze?token=secret-a")[http::field::location]);
  };
  const std::string running = sent(), waiting = sent();
  until([&] { return engine.running == 1; });
  for (const auto& location : {running, waiting}) {
    EXPECT_EQ(ask(location).result(), http::status::unauthorized);
    EXPECT_EQ(ask(location + "?token=secret-b").result(), http::status::not_found);
    EXPECT_EQ(ask(location + "?token=secret-a").result(), http::status::accepted);
  }
  // Whoever may not come any more has nothing judged any more.
  write({b});
  server->reload();
  until([&] { return engine.running == 0; });
  EXPECT_TRUE(engine.was_cancelled);
  write({a, b});
  server->reload();
  for (const auto& location : {running, waiting}) {
    until([&] { return ask(location + "?token=secret-a").result() != http::status::accepted; });
    EXPECT_EQ(ask(location + "?token=secret-a").result(), http::status::internal_server_error);
  }
}

TEST_F(JobsTest, IsNotJudgedWhenItsTokenWentMeanwhile) {
  options.tokens_file = folder / "tokens";
  const auto write = [&](const Token& token) {
    std::ofstream(options.tokens_file, std::ios::trunc) << token_line(token) << "\n";
  };
  write({"salle-a", hash_of("secret-a")});
  engine.hold = true;
  const std::string location(
      post({later_video, later_log}, "/analyze?token=secret-a")[http::field::location]);
  until([&] { return engine.running == 1; });
  start_again();
  engine.files.clear();
  engine.hold = false;
  write({"salle-b", hash_of("secret-b")});
  port();
  const auto has_film = [&] {
    const std::filesystem::recursive_directory_iterator files(folder.path());
    return std::ranges::any_of(files, [](const auto& file) { return file.path().extension() == ".avi"; });
  };
  until([&] { return !has_film(); });
  EXPECT_TRUE(engine.files.empty());
  write({"salle-a", hash_of("secret-a")});
  server->reload();
  until([&] { return ask(location + "?token=secret-a").result() != http::status::unauthorized; });
  EXPECT_EQ(ask(location + "?token=secret-a").result(), http::status::internal_server_error);
}

}  // namespace
}  // namespace piste::server
