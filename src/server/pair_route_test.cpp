// Roles, and how a device gets one, over a real socket.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <fstream>

#include "server/pairing_codes.h"
#include "server/server_fixture.h"
#include "server/tokens.h"

namespace piste::server {
namespace {

using std::chrono::minutes;
using std::chrono::steady_clock;
using test::body_of;
using test::HttpClient;
using test::WebSocketClient;
namespace http = test::http;
namespace json = boost::json;

TEST(PairingCodes, AreGoodForOnceAndForAWhile) {
  PairingCodes codes;
  const auto now = steady_clock::now();
  const std::string code = codes.offer({"club", Role::camera, "phone"}, now + minutes(5));
  EXPECT_THAT(code, testing::MatchesRegex("[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}"));
  EXPECT_FALSE(codes.claim("2222-2222", now));
  std::string typed = code.substr(0, 4) + " " + code.substr(5);
  for (char& c : typed) c = static_cast<char>(std::tolower(c));
  const auto offer = codes.claim(typed, now + minutes(4));
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->role, Role::camera);
  EXPECT_FALSE(codes.claim(code, now)) << "once";
  EXPECT_FALSE(codes.claim(codes.offer({"club", Role::viewer, ""}, now + minutes(5)), now + minutes(5)));
}

TEST(PairingCodes, OfANameSoManyAreOpen) {
  PairingCodes codes;
  const auto now = steady_clock::now(), later = now + minutes(5);
  const std::string others = codes.offer({"other", Role::viewer, ""}, later);
  const std::string oldest = codes.offer({"club", Role::viewer, ""}, later);
  std::string newest;
  for (std::size_t i = 0; i < PairingCodes::most_open; ++i)
    newest = codes.offer({"club", Role::viewer, ""}, later);
  EXPECT_FALSE(codes.claim(oldest, now));
  EXPECT_TRUE(codes.claim(newest, now));
  EXPECT_TRUE(codes.claim(others, now));
}

class PairRoute : public ServerTest {
 protected:
  PairRoute() {
    options.tokens_file = elsewhere / "tokens";
    write_tokens({"club camera", "club viewer", "club referee", "club owner", "other owner"});
  }
  // "NAME ROLE": its token is "NAME-ROLE".
  void write_tokens(const std::vector<std::string>& tokens) const {
    std::ofstream file(options.tokens_file, std::ios::trunc);
    for (const std::string& token : tokens) {
      const std::size_t blank = token.find(' ');
      const std::string name = token.substr(0, blank), role = token.substr(blank + 1);
      file << token_line({name, hash_of(name + "-" + role), 0, *role_in(role)}) << "\n";
    }
  }
  test::Response ask(http::verb method, const std::string& target, const std::string& token,
                     const std::string& body = "") {
    return HttpClient(port()).send(method, target, body, {{"Authorization", "Bearer " + token}});
  }
  http::status get(const std::string& target, const std::string& token) {
    return ask(http::verb::get, target, token).result();
  }
  json::object claim(const std::string& body) {
    return body_of(HttpClient(port()).send(http::verb::post, "/pair/claim", body));
  }
  // A device of club's, by its token.
  std::string paired(const std::string& role, const std::string& device = "phone") {
    const auto offer = body_of(ask(http::verb::post, "/pair", "club-owner",
                                   R"({"role":")" + role + R"(","device":")" + device + "\"}"));
    return std::string(
        claim(json::serialize(json::object{{"code", offer.at("code")}})).at("token").as_string());
  }
  void judged() {
    const auto client = processing("s", "/stream?token=club-owner");
    engine.phrase(engine.phrases() - 1).complete(R"({"winner":"left"})");
    client->receive("process_complete");
  }

  test::TempDir elsewhere;
};

TEST_F(PairRoute, EachRoleMayDoWhatIsItsOwn) {
  judged();
  struct Row {
    http::verb method;
    const char* target;
    const char* body;
    const char* allowed;  // the roles' first letters
  };
  using http::verb;
  for (const Row& row : std::vector<Row>{
           {verb::get, "/", "", "cvro"},
           {verb::get, "/me", "", "cvro"},
           {verb::get, "/sessions", "", "vro"},
           {verb::get, "/streaming/stats", "", "vro"},
           {verb::get, "/metrics", "", "vro"},
           {verb::get, "/events", "", "vro"},
           {verb::get, "/stream", "", "co"},
           {verb::post, "/analyze", "", "co"},
           {verb::post, "/look", "a picture", "co"},
           {verb::get, "/sessions/s", "", "cvro"},
           {verb::get, "/sessions/s/result", "", "cvro"},
           {verb::get, "/sessions/s/artifacts/analysis_result.json", "", "cvro"},
           {verb::get, "/sessions/s/human_verdict", "", "cvro"},
           {verb::put, "/sessions/s/human_verdict", R"({"winner":"left"})", "ro"},
           {verb::delete_, "/sessions/s/human_verdict", "", "ro"},
           {verb::patch, "/sessions/s", R"({"name":"x"})", "ro"},
           {verb::post, "/sessions/s/links", "", "o"},
           {verb::get, "/pair", "", "o"},
           {verb::post, "/pair", R"({"role":"viewer"})", "o"},
           {verb::delete_, "/pair/0", "", "o"},
           {verb::delete_, "/sessions/s", "", "o"},
       }) {
    for (const std::string role : {"camera", "viewer", "referee", "owner"}) {
      const auto answer = ask(row.method, row.target, "club-" + role, row.body);
      const bool allowed = std::string_view(row.allowed).find(role[0]) != std::string_view::npos;
      EXPECT_EQ(answer.result() != http::status::forbidden, allowed)
          << role << " " << to_string(row.method) << " " << row.target << ": " << answer.body();
    }
  }
}

TEST_F(PairRoute, ARoleHoldsBeforeTheUpgradeToo) {
  EXPECT_THROW(WebSocketClient(port(), "/stream?token=club-viewer"), boost::system::system_error);
  EXPECT_THROW(WebSocketClient(port(), "/stream?token=club-referee"), boost::system::system_error);
  EXPECT_THROW(WebSocketClient(port(), "/events?token=club-camera"), boost::system::system_error);
  WebSocketClient watcher(port(), "/events?token=club-viewer");
  watcher.receive("hello");
  const auto client = processing("s", "/stream?token=club-camera");
  EXPECT_EQ(watcher.receive().at("session_id"), "s") << "a name's roles see the same phrases";
}

TEST_F(PairRoute, OneMayAskWhoOneIs) {
  const auto me = body_of(ask(http::verb::get, "/me", "club-referee"));
  EXPECT_EQ(me, json::parse(R"({"name":"club","role":"referee","tokens":true})").as_object());
}

TEST_F(PairRoute, ADeviceIsPairedByACodeOnce) {
  const auto answer =
      ask(http::verb::post, "/pair", "club-owner", R"({"role":"camera","device":"phone at 3"})");
  ASSERT_EQ(answer.result(), http::status::ok) << answer.body();
  const std::string body = json::serialize(json::object{{"code", body_of(answer).at("code")}});
  const auto claimed = claim(body);
  EXPECT_EQ(claimed.at("name"), "club");
  EXPECT_EQ(claimed.at("role"), "camera");
  const std::string token(claimed.at("token").as_string());
  EXPECT_EQ(get("/sessions/nobody", token), http::status::not_found) << "let in";
  EXPECT_EQ(get("/sessions", token), http::status::forbidden);
  EXPECT_EQ(claim(body).at("status"), "error") << "once";
  const auto devices = body_of(ask(http::verb::get, "/pair", "club-owner")).at("devices").as_array();
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].at("device"), "phone at 3");
  EXPECT_THAT(std::string(devices[0].at("seen").as_string()), testing::EndsWith("Z"));
  EXPECT_TRUE(body_of(ask(http::verb::get, "/pair", "other-owner")).at("devices").as_array().empty());
}

TEST_F(PairRoute, ADeviceStaysOverARestartAndIsShutOutAtOnce) {
  const std::string token = paired("viewer");
  stop();
  server.reset();
  registry.reset();
  EXPECT_EQ(get("/sessions", token), http::status::ok);
  std::ifstream stored(folder / ".library/devices.json");
  const std::string text(std::istreambuf_iterator<char>(stored), {});
  EXPECT_EQ(text.find(token.substr(6)), std::string::npos) << "its hash alone is stored";
  WebSocketClient watcher(port(), "/events?token=" + token);
  const auto devices = body_of(ask(http::verb::get, "/pair", "club-owner")).at("devices").as_array();
  const std::string target = "/pair/" + std::string(devices[0].at("id").as_string());
  EXPECT_EQ(ask(http::verb::delete_, target, "other-owner").result(), http::status::not_found);
  EXPECT_EQ(ask(http::verb::delete_, target, "club-owner").result(), http::status::no_content);
  EXPECT_EQ(watcher.wait_close(), 1008);
  EXPECT_EQ(get("/sessions", token), http::status::unauthorized);
}

TEST_F(PairRoute, ADeviceGoesWithTheNameThatPairedIt) {
  const std::string token = paired("viewer");
  write_tokens({"club camera", "other owner"});
  server->reload();
  until([&] { return get("/sessions", token) == http::status::unauthorized; });
  EXPECT_EQ(get("/sessions", "other-owner"), http::status::ok);
}

TEST_F(PairRoute, ACodeIsWorthNoMoreThanItsMaker) {
  const std::string owner = paired("owner");
  const auto offer = body_of(ask(http::verb::post, "/pair", owner, R"({"role":"owner"})"));
  const auto devices = body_of(ask(http::verb::get, "/pair", "club-owner")).at("devices").as_array();
  ask(http::verb::delete_, "/pair/" + std::string(devices[0].at("id").as_string()), "club-owner");
  EXPECT_EQ(claim(json::serialize(json::object{{"code", offer.at("code")}})).at("status"), "error");
}

TEST_F(PairRoute, AnotherRoleEndsWhatIsOpen) {
  WebSocketClient watcher(port(), "/events?token=club-viewer");
  watcher.receive("hello");
  std::ofstream(options.tokens_file, std::ios::trunc)
      << token_line({"club", hash_of("club-viewer"), 0, Role::camera}) << "\n";
  server->reload();
  EXPECT_EQ(watcher.wait_close(), 1008);
}

TEST_F(PairRoute, ANameWithoutAnOwnersTokenFilmsOnWhenTheFileIsReadAgain) {
  write_tokens({"club camera"});
  WebSocketClient camera(port(), "/stream?token=club-camera");
  camera.start("s", 640, 480);
  camera.frame(0, "picture");
  write_tokens({"club camera", "other owner"});
  server->reload();
  until([&] { return get("/me", "other-owner") == http::status::ok; });
  EXPECT_EQ(camera.frame(1, "picture").at("type"), "frame_ack");
  EXPECT_EQ(get("/sessions/s", "club-camera"), http::status::ok);
}

TEST_F(PairRoute, WhatIsNoWishIsRefused) {
  for (const char* body : {"", "[]", "{}", R"({"role":"king"})", R"({"role":"viewer","minutes":0})",
                           R"({"role":"viewer","minutes":61})", R"({"role":"viewer","minutes":"5"})",
                           R"({"role":"viewer","device":"a\u0007b"})"})
    EXPECT_EQ(ask(http::verb::post, "/pair", "club-owner", body).result(), http::status::unprocessable_entity)
        << body;
}

TEST_F(PairRoute, AnAddressMayTrySoManyCodes) {
  port();
  HttpClient client(port());
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(client.send(http::verb::post, "/pair/claim", R"({"code":"2222-2222"})").result(),
              http::status::not_found);
  const auto refused = client.send(http::verb::post, "/pair/claim", R"({"code":"2222-2222"})");
  EXPECT_EQ(refused.result(), http::status::too_many_requests);
  EXPECT_NE(refused["Retry-After"], "");
}

TEST_F(PairRoute, WhenADeviceWasHereLastIsKnownOverARestart) {
  const std::string token = paired("viewer");
  EXPECT_EQ(get("/sessions", token), http::status::ok);
  const auto seen = [&] {
    return body_of(ask(http::verb::get, "/pair", "club-owner")).at("devices").as_array()[0].at("seen");
  };
  const auto before = seen();
  ASSERT_TRUE(before.is_string());
  for (const bool readable : {true, false}) {
    stop();
    server.reset();
    registry.reset();
    if (!readable) std::ofstream(folder / ".library/devices_seen.json") << "{";
    EXPECT_EQ(seen(), readable ? before : json::value());
  }
}

TEST_F(PairRoute, ADeviceThatTheDiskKeepsIsNotSaidToBeUnknown) {
  const std::string token = paired("viewer");
  const auto devices = body_of(ask(http::verb::get, "/pair", "club-owner")).at("devices").as_array();
  EXPECT_TRUE(devices[0].at("seen").is_null());
  const auto file = folder / ".library/devices.json";
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  std::ofstream(file / "in the way") << "x";
  const std::string target = "/pair/" + std::string(devices[0].at("id").as_string());
  EXPECT_EQ(ask(http::verb::delete_, target, "club-owner").result(), http::status::internal_server_error);
  EXPECT_EQ(get("/sessions", token), http::status::ok) << "it still is";
}

TEST_F(PairRoute, AFileOfDevicesThatCannotBeReadIsNotWrittenOver) {
  std::filesystem::create_directories(folder / ".library");
  std::ofstream(folder / ".library/devices.json") << "{";
  const auto offer = body_of(ask(http::verb::post, "/pair", "club-owner", R"({"role":"camera"})"));
  const auto answer = HttpClient(port()).send(http::verb::post, "/pair/claim",
                                              json::serialize(json::object{{"code", offer.at("code")}}));
  EXPECT_EQ(answer.result(), http::status::internal_server_error);
  EXPECT_EQ(std::filesystem::file_size(folder / ".library/devices.json"), 1u);
}

TEST_F(PairRoute, WithoutTokensThereIsNothingToPair) {
  options.tokens_file.clear();
  HttpClient client(port());
  EXPECT_EQ(client.send(http::verb::post, "/pair", R"({"role":"camera"})").result(), http::status::conflict);
  EXPECT_EQ(client.send(http::verb::post, "/pair/claim", R"({"code":"x"})").result(), http::status::conflict);
  EXPECT_EQ(body_of(client.get("/me")),
            json::parse(R"({"name":"","role":"owner","tokens":false})").as_object());
}

}  // namespace
}  // namespace piste::server
