// Tokens over a real socket: who is let in, to what, and until when.
#include <fstream>

#include "server/server_fixture.h"
#include "server/tokens.h"

namespace piste::server {
namespace {

using test::body_of;
using test::HttpClient;
using test::WebSocketClient;
using testing::HasSubstr;
namespace http = test::http;

constexpr int policy = 1008;

class AccessTest : public ServerTest {
 protected:
  AccessTest() {
    options.tokens_file = folder / "tokens";
    write_tokens({{"salle-a", hash_of("secret-a")}, {"salle-b", hash_of("secret-b"), 1}});
  }
  void write_tokens(const std::vector<Token>& tokens) const {
    std::ofstream file(options.tokens_file, std::ios::trunc);
    for (const Token& token : tokens) file << token_line(token) << "\n";
  }
  http::status get(std::string_view target, const std::string& authorization = "") {
    std::vector<std::pair<std::string, std::string>> fields;
    if (!authorization.empty()) fields.emplace_back("Authorization", authorization);
    return HttpClient(port()).send(http::verb::get, target, "", fields).result();
  }
};

TEST_F(AccessTest, WithoutATokenNothingButHealthIsAnswered) {
  for (const auto* path : {"/", "/stream", "/streaming/stats", "/analyze", "/nowhere", "/health/"}) {
    EXPECT_EQ(get(path), http::status::unauthorized) << path;
  }
  EXPECT_EQ(get("/health"), http::status::ok);
}

TEST_F(AccessTest, ARefusalSaysHowToComeIn) {
  const auto refused = HttpClient(port()).get("/streaming/stats");
  EXPECT_EQ(refused["WWW-Authenticate"], "Bearer realm=\"piste\"");
  EXPECT_THAT(std::string(body_of(refused).at("error").as_string()), HasSubstr("Authorization: Bearer"));
}

TEST_F(AccessTest, ATokenOpensInTheHeaderAndInTheQuery) {
  EXPECT_EQ(get("/streaming/stats", "Bearer secret-a"), http::status::ok);
  EXPECT_EQ(get("/streaming/stats", "bearer  secret-b"), http::status::ok);
  EXPECT_EQ(get("/streaming/stats?token=secret-a"), http::status::ok);
  EXPECT_EQ(get("/streaming/stats?x=1&token=%73ecret-a"), http::status::ok);
  EXPECT_EQ(get("/streaming/stats?token=secret-a", "Basic dXNlcjpwYXNz"), http::status::ok)
      << "a proxy's own password goes through";
}

// http://name:TOKEN@host, as requests, websockets and curl send it.
TEST_F(AccessTest, ATokenIsAPasswordToo) {
  EXPECT_EQ(get("/streaming/stats", "Basic bWU6c2VjcmV0LWE="), http::status::ok) << "me:secret-a";
  EXPECT_EQ(get("/streaming/stats", "basic  OnNlY3JldC1h"), http::status::ok) << ":secret-a";
  EXPECT_EQ(get("/streaming/stats", "Basic c2VjcmV0LWE6"), http::status::ok) << "secret-a:";
  EXPECT_EQ(get("/streaming/stats?token=wrong", "Basic bWU6c2VjcmV0LWE="), http::status::ok);
  EXPECT_EQ(get("/streaming/stats", "Basic bWU6c2VjcmV0LWEx"), http::status::unauthorized) << "me:secret-a1";
  EXPECT_EQ(get("/streaming/stats", "Basic c2VjcmV0LWE6eA=="), http::status::unauthorized) << "secret-a:x";
  EXPECT_EQ(get("/streaming/stats", "Basic c2VjcmV0LWE="), http::status::unauthorized)
      << "secret-a without a colon";
  HttpClient upgrade(port());
  const auto answer = upgrade.send(http::verb::get, "/stream", "",
                                   {{"Authorization", "Basic bWU6c2VjcmV0LWE="},
                                    {"Connection", "Upgrade"},
                                    {"Upgrade", "websocket"},
                                    {"Sec-WebSocket-Version", "13"},
                                    {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
  EXPECT_EQ(answer.result(), http::status::switching_protocols);
  EXPECT_NE(answer["Date"], "");
}

TEST_F(AccessTest, WhatIsNoTokenDoesNot) {
  for (const auto* header : {"Bearer", "Bearer ", "Bearer secret", "Bearer secret-a2", "Bearer SECRET-A",
                             "secret-a", "Basic secret-a", "Bearer salle-a", "Bearer secret-a secret-a"}) {
    EXPECT_EQ(get("/streaming/stats", header), http::status::unauthorized) << header;
  }
  for (const auto* query :
       {"?token=", "?token", "?token=%00", "?toke=secret-a", "?token=%zz", "?token=x&token=secret-a"}) {
    EXPECT_NE(get(std::string("/streaming/stats") + query), http::status::ok) << query;
  }
  EXPECT_EQ(get("/streaming/stats?token=secret-a", "Bearer wrong"), http::status::unauthorized);
}

TEST_F(AccessTest, AnUploadIsRefusedBeforeItsBody) {
  HttpClient client(port());
  client.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(client.receive().result(), http::status::unauthorized);
  const auto sent =
      test::post_form(port(), "/analyze?token=secret-a", {{"video", "v", "v.avi"}, {"signal", "Phrase 1"}});
  EXPECT_EQ(sent.result(), http::status::ok);
}

TEST_F(AccessTest, AWebSocketIsRefusedBeforeTheUpgrade) {
  EXPECT_THROW(WebSocketClient{port()}, boost::system::system_error);
  EXPECT_THROW(WebSocketClient(port(), "/stream?token=wrong"), boost::system::system_error);
  WebSocketClient client(port(), "/stream?token=secret-a");
  EXPECT_EQ(client.start("s", 640, 480).at("type"), "session_started");
}

TEST_F(AccessTest, ATokenSeesItsOwnSessionsOnly) {
  WebSocketClient one(port(), "/stream?token=secret-a");
  WebSocketClient other(port(), "/stream?token=secret-b");
  EXPECT_EQ(one.start("final", 640, 480).at("type"), "session_started");
  EXPECT_EQ(other.start("final", 640, 480).at("type"), "session_started") << "ids are per token";
  one.frame(0, "picture");
  const auto stats = [&](const char* token) {
    return body_of(HttpClient(port()).get(std::string("/streaming/stats?token=") + token));
  };
  EXPECT_EQ(stats("secret-a").at("active_sessions"), 1);
  EXPECT_EQ(stats("secret-a").at("total_frames"), 1);
  EXPECT_EQ(stats("secret-b").at("total_frames"), 0);
  WebSocketClient third(port(), "/stream?token=secret-b");
  EXPECT_EQ(third.start("x", 640, 480).at("error_code"), "SESSION_START_FAILED") << "one session allowed";
}

TEST_F(AccessTest, ARevokedTokenIsShutOutAtOnce) {
  WebSocketClient revoked(port(), "/stream?token=secret-a");
  WebSocketClient kept(port(), "/stream?token=secret-b");
  revoked.start("s", 640, 480);
  write_tokens({{"salle-b", hash_of("secret-b")}, {"salle-c", hash_of("secret-c")}});
  server->reload();
  EXPECT_EQ(revoked.wait_close(), policy);
  EXPECT_EQ(kept.start("s", 640, 480).at("type"), "session_started");
  EXPECT_EQ(get("/streaming/stats?token=secret-a"), http::status::unauthorized);
  EXPECT_EQ(get("/streaming/stats?token=secret-c"), http::status::ok);
}

TEST_F(AccessTest, TheSessionsOfARevokedTokenEnd) {
  WebSocketClient running(port(), "/stream?token=secret-a");
  running.start("running", 640, 480);
  {
    WebSocketClient lost(port(), "/stream?token=secret-a");
    lost.start("lost", 640, 480);
    lost.frame(0, "picture");
  }
  until([&] { return registry->active() == 1; });
  WebSocketClient kept(port(), "/stream?token=secret-b");
  kept.start("kept", 640, 480);
  write_tokens({{"salle-b", hash_of("secret-b")}});
  server->reload();
  EXPECT_EQ(running.wait_close(), policy);
  until([&] { return registry->active() == 1; });
  write_tokens({{"salle-a", hash_of("secret-a")}, {"salle-b", hash_of("secret-b")}});
  server->reload();
  until([&] { return get("/streaming/stats?token=secret-a") == http::status::ok; });
  for (const auto* id : {"running", "lost"}) {
    EXPECT_EQ(get(std::string("/sessions/") + id + "?token=secret-a"), http::status::not_found) << id;
  }
  EXPECT_EQ(get("/sessions/kept?token=secret-b"), http::status::ok);
}

// While one token of a name is replaced by another, its sessions may be resumed with the new one.
TEST_F(AccessTest, ANameThatHasAnotherTokenKeepsItsSessions) {
  write_tokens({{"salle-a", hash_of("secret-a")}, {"salle-a", hash_of("secret-new")}});
  WebSocketClient running(port(), "/stream?token=secret-a");
  running.start("running", 640, 480);
  write_tokens({{"salle-a", hash_of("secret-new")}});
  server->reload();
  EXPECT_EQ(running.wait_close(), policy);
  EXPECT_EQ(get("/sessions/running?token=secret-new"), http::status::ok);
}

TEST_F(AccessTest, TheUploadOfARevokedTokenGetsNoResult) {
  engine.hold = true;
  port();
  std::thread upload([&] {
    const auto answer =
        test::post_form(port(), "/analyze?token=secret-a", {{"video", "v", "v.avi"}, {"signal", "Phrase 1"}});
    EXPECT_EQ(answer.result(), http::status::unauthorized);
  });
  until([&] { return engine.running == 1; });
  write_tokens({{"salle-b", hash_of("secret-b")}});
  server->reload();
  upload.join();
  EXPECT_TRUE(engine.was_cancelled);
}

TEST_F(AccessTest, TheLogSaysWhatWasReadAgain) {
  port();
  testing::internal::CaptureStderr();
  std::ofstream(options.tokens_file, std::ios::app) << "nonsense\n";
  server->reload();
  WebSocketClient client(port(), "/stream?token=secret-a");  // after the reload: one strand
  EXPECT_EQ(client.start("s", 640, 480).at("type"), "session_started");
  stop();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("not read again"));
  EXPECT_THAT(log, testing::Not(HasSubstr("Tokens read again")));
  EXPECT_THAT(log, testing::Not(HasSubstr("secret")));
}

TEST_F(AccessTest, AFileThatCannotBeReadAgainChangesNothing) {
  WebSocketClient client(port(), "/stream?token=secret-a");
  std::ofstream(options.tokens_file, std::ios::app) << "nonsense\n";
  server->reload();
  client.send_text(R"({"type":"ping"})");
  EXPECT_EQ(client.receive().at("type"), "pong");
  EXPECT_EQ(get("/streaming/stats?token=secret-b"), http::status::ok);
}

TEST_F(AccessTest, AnEmptyFileLetsNobodyIn) {
  write_tokens({});
  EXPECT_EQ(get("/streaming/stats?token=secret-a"), http::status::unauthorized);
  EXPECT_EQ(get("/streaming/stats?token="), http::status::unauthorized);
  EXPECT_EQ(get("/streaming/stats"), http::status::unauthorized);
}

TEST_F(AccessTest, AMissingFileIsAnErrorAtTheStart) {
  options.tokens_file = folder / "missing";
  registry.emplace(engine, limits);
  const auto listening = Server::listen(options, *registry);
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().code, ErrorCode::tokens);
}

// An upload is judged for minutes: who was shut out meanwhile gets no result.
TEST_F(AccessTest, ARevokedTokensUploadGetsNoResult) {
  engine.hold = true;
  const test::Form form({{"video", "v", "v.avi"}, {"signal", "Phrase 1"}});
  HttpClient client(port());
  client.send_raw(
      "POST /analyze?token=secret-a HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
      "\r\nContent-Length: " + std::to_string(form.body.size()) + "\r\n\r\n" + form.body);
  until([&] { return engine.running == 1; });
  write_tokens({{"salle-b", hash_of("secret-b")}});
  server->reload();
  EXPECT_EQ(client.receive().result(), http::status::unauthorized);
  EXPECT_TRUE(engine.was_cancelled);
}

TEST_F(AccessTest, ARevokedTokensUploadIsNotReadToItsEnd) {
  HttpClient client(port());
  client.send_raw(
      "POST /analyze?token=secret-a HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; "
      "boundary=b\r\n"
      "Content-Length: 1000\r\n\r\n");
  until([&] { return registry->active() == 1; });
  write_tokens({{"salle-b", hash_of("secret-b")}});
  server->reload();
  EXPECT_TRUE(client.closed());
}
}  // namespace
}  // namespace piste::server
