// Web pages at a real socket: whose may use a service that asks for no tokens.
#include "server/origins.h"

#include <fstream>

#include "server/hosts.h"
#include "server/server_fixture.h"
#include "server/tokens.h"

namespace piste::server {
namespace {

using test::body_of;
using test::HttpClient;
using testing::HasSubstr;
namespace http = test::http;
using Fields = std::vector<std::pair<std::string, std::string>>;

class OriginsTest : public ServerTest {
 protected:
  http::status ask(http::verb method, std::string_view target, Fields fields) {
    return HttpClient(port()).send(method, target, "", std::move(fields)).result();
  }
  // What the upgrade of a page's WebSocket is answered with.
  http::status upgrade(const std::string& origin, const std::string& host = "127.0.0.1",
                       std::string_view target = "/stream") {
    return ask(http::verb::get, target,
               {{"Origin", origin},
                {"Host", host},
                {"Connection", "Upgrade"},
                {"Upgrade", "websocket"},
                {"Sec-WebSocket-Version", "13"},
                {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
  }
};

TEST_F(OriginsTest, AStrangersPageGetsNoWebSocket) {
  EXPECT_EQ(upgrade("https://evil.example"), http::status::forbidden);
  EXPECT_EQ(upgrade("http://127.0.0.1.evil.example"), http::status::forbidden);
  EXPECT_EQ(upgrade("http://localhost.evil.example:8080"), http::status::forbidden);
  EXPECT_EQ(upgrade("https://evil.example/http://localhost"), http::status::forbidden);
  EXPECT_EQ(upgrade("https://notlocalhost"), http::status::forbidden);
  EXPECT_EQ(upgrade("null"), http::status::forbidden) << "a frame in a sandbox, of any page";
  EXPECT_EQ(upgrade(""), http::status::forbidden);
  EXPECT_EQ(registry->active(), 0u);
}

TEST_F(OriginsTest, NorAnythingElseButHealth) {
  const Fields foreign{{"Origin", "https://evil.example"}};
  for (const auto* path :
       {"/", "/streaming/stats", "/sessions/s", "/sessions/s/result", "/metrics", "/nowhere"}) {
    EXPECT_EQ(ask(http::verb::get, path, foreign), http::status::forbidden) << path;
  }
  EXPECT_EQ(ask(http::verb::post, "/analyze", foreign), http::status::forbidden);
  EXPECT_EQ(ask(http::verb::options, "/analyze", foreign), http::status::forbidden);
  EXPECT_EQ(ask(http::verb::get, "/health", foreign), http::status::ok);
}

TEST_F(OriginsTest, AnUploadIsRefusedBeforeItsBody) {
  HttpClient client(port());
  client.send_raw(
      "POST /analyze HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
      "Content-Type: multipart/form-data; boundary=b\r\nExpect: 100-continue\r\nContent-Length: "
      "1000000\r\n\r\n");
  EXPECT_EQ(client.receive().result(), http::status::forbidden);
}

TEST_F(OriginsTest, TheRefusalSaysWhatWouldBeRight) {
  const auto refused =
      HttpClient(port()).send(http::verb::get, "/", "", {{"Origin", "https://evil.example"}});
  const std::string text(body_of(refused).at("error").as_string());
  EXPECT_THAT(text, HasSubstr("REFEREE_ALLOWED_ORIGINS"));
  EXPECT_THAT(text, HasSubstr("http://localhost"));
}

TEST_F(OriginsTest, AllOriginFieldsCount) {
  HttpClient client(port());
  client.send_raw(
      "GET /streaming/stats HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nOrigin: "
      "https://evil.example\r\n\r\n");
  EXPECT_EQ(client.receive().result(), http::status::forbidden);
}

TEST_F(OriginsTest, PagesOfThisMachineAreLetIn) {
  for (const auto* origin :
       {"http://localhost", "http://localhost:3000", "https://LOCALHOST:8080", "http://127.0.0.1",
        "http://127.1.2.3:5173", "http://[::1]:8080", "http://app.localhost:3000"}) {
    EXPECT_EQ(upgrade(origin), http::status::switching_protocols) << origin;
  }
  EXPECT_EQ(ask(http::verb::get, "/streaming/stats", {{"Origin", "http://localhost:3000"}}),
            http::status::ok);
}

TEST_F(OriginsTest, WhoIsNoPageIsLetIn) {
  EXPECT_EQ(test::WebSocketClient(port()).start("s", 640, 480).at("type"), "session_started");
  EXPECT_EQ(HttpClient(port()).get("/streaming/stats").result(), http::status::ok);
}

// DNS rebinding: a browser sends no Origin with what a page reads from its own host.
TEST_F(OriginsTest, ANameThatIsMadeToLeadHereIsNoHostOfTheServices) {
  for (const auto* name :
       {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
        "notlocalhost", "127.0.0.1evil", "[evil.example]:80", "", "localhost..", "evil.example."}) {
    for (const auto* path : {"/", "/streaming/stats", "/sessions/s/result", "/metrics", "/nowhere"}) {
      EXPECT_EQ(ask(http::verb::get, path, {{"Host", name}}), http::status::forbidden) << name << path;
    }
    EXPECT_EQ(ask(http::verb::post, "/analyze", {{"Host", name}}), http::status::forbidden) << name;
    EXPECT_EQ(upgrade("http://evil.example:8080", name), http::status::forbidden) << name;
    EXPECT_EQ(upgrade("http://localhost", name), http::status::forbidden) << name;
  }
  EXPECT_EQ(ask(http::verb::get, "/health", {{"Host", "evil.example"}}), http::status::ok) << "open to all";
}

TEST_F(OriginsTest, ARefusedNameIsToldWhatWouldBeRight) {
  const auto refused = HttpClient(port()).send(http::verb::get, "/", "", {{"Host", "evil.example"}});
  EXPECT_THAT(std::string(body_of(refused).at("error").as_string()), HasSubstr("REFEREE_ALLOWED_HOSTS"));
}

TEST_F(OriginsTest, AllHostFieldsCount) {
  HttpClient client(port());
  client.send_raw("GET /streaming/stats HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n");
  EXPECT_NE(client.receive().result(), http::status::ok);
}

TEST_F(OriginsTest, AddressesAndThisMachinesNamesAreHostsOfTheServices) {
  std::vector<std::string> names{"127.0.0.1", "127.0.0.1:8080", "192.168.1.20", "[::1]:8080", "[2001:db8::1]",
                                 "localhost", "LOCALHOST:1",    "localhost.",   "a.localhost"};
  for (const auto& own : names_of_this_machine()) names.push_back(own + ":8080");
  EXPECT_GT(names.size(), 9U);
  for (const auto& name : names) {
    EXPECT_EQ(ask(http::verb::get, "/streaming/stats", {{"Host", name}}), http::status::ok) << name;
  }
  EXPECT_EQ(upgrade("http://192.168.1.20:3000", "192.168.1.20:8080"), http::status::switching_protocols);
}

TEST_F(OriginsTest, AListAddsHosts) {
  options.allowed_hosts = "referee.lan, Club.example";
  options.allowed_origins = "https://www.club.example:8443";
  for (const auto* name : {"referee.lan", "REFEREE.lan:8080", "club.example", "www.club.example"}) {
    EXPECT_EQ(ask(http::verb::get, "/streaming/stats", {{"Host", name}}), http::status::ok) << name;
  }
  EXPECT_EQ(ask(http::verb::get, "/streaming/stats", {{"Host", "x.referee.lan"}}), http::status::forbidden);
  EXPECT_EQ(upgrade("http://referee.lan", "referee.lan"), http::status::switching_protocols);
  EXPECT_EQ(upgrade("http://evil.example", "referee.lan"), http::status::forbidden);
}

TEST_F(OriginsTest, AStarAllowsAllHosts) {
  options.allowed_hosts = "*";
  EXPECT_EQ(ask(http::verb::get, "/streaming/stats", {{"Host", "any.example"}}), http::status::ok);
}

TEST_F(OriginsTest, AListOfHostsThatIsNoneIsAnErrorAtTheStart) {
  for (const auto* list : {"http://referee.lan", "referee.lan:8080", "a,,b", "*.lan", "a b"}) {
    options.allowed_hosts = list;
    registry.emplace(engine, limits);
    const auto listening = Server::listen(options, *registry);
    ASSERT_FALSE(listening) << list;
    EXPECT_EQ(listening.error().code, ErrorCode::hosts);
    EXPECT_THAT(listening.error().message, HasSubstr("REFEREE_ALLOWED_HOSTS"));
  }
}

TEST_F(OriginsTest, BehindAProxyTheServicesOwnPagesAreLetIn) {
  options.trusted_proxies = "127.0.0.1";
  EXPECT_EQ(upgrade("https://referee.example", "referee.example"), http::status::switching_protocols);
  EXPECT_EQ(upgrade("https://Referee.example:8443", "referee.EXAMPLE"), http::status::switching_protocols);
  EXPECT_EQ(upgrade("http://[2001:db8::1]", "[2001:db8::1]:8080"), http::status::switching_protocols);
  EXPECT_EQ(upgrade("https://evil.example", "referee.example"), http::status::forbidden);
  EXPECT_EQ(upgrade("https://referee.example.evil.example", "referee.example"), http::status::forbidden);
  EXPECT_EQ(upgrade("", ""), http::status::forbidden);
}

TEST_F(OriginsTest, TheListAddsOthers) {
  options.allowed_origins = "https://club.example, http://10.0.0.7:3000/,HTTP://Old.example:80, null";
  for (const auto* origin : {"https://club.example", "http://10.0.0.7:3000", "http://old.example", "null"}) {
    EXPECT_EQ(upgrade(origin), http::status::switching_protocols) << origin;
  }
  for (const auto* origin : {"http://club.example", "https://club.example:8443", "http://10.0.0.7",
                             "https://www.club.example", "https://evil.example"}) {
    EXPECT_EQ(upgrade(origin), http::status::forbidden) << origin;
  }
}

// Boards (arduinoWebSockets), Cordova, Electron.
TEST_F(OriginsTest, PagesThatAreFilesCanBeLetInByName) {
  options.allowed_origins = "file://, capacitor://localhost";
  for (const auto* origin : {"file://", "FILE://", "file:///", "capacitor://localhost"}) {
    EXPECT_EQ(upgrade(origin), http::status::switching_protocols) << origin;
  }
  for (const auto* origin : {"null", "https://evil.example", "file://evil.example", "filed://", "file"}) {
    EXPECT_EQ(upgrade(origin), http::status::forbidden) << origin;
  }
}

TEST_F(OriginsTest, WhoLetsNullInLetsFilesIn) {
  options.allowed_origins = "null";
  EXPECT_EQ(upgrade("file://"), http::status::switching_protocols);
  EXPECT_EQ(upgrade("ionic://"), http::status::forbidden);
}

TEST_F(OriginsTest, TheRefusalSaysWhatToSet) {
  for (const std::string origin : {"file://", "null", "https://club.example", "http://10.0.0.7:3000"}) {
    const auto refused = HttpClient(port()).send(http::verb::get, "/", "", {{"Origin", origin}});
    EXPECT_EQ(refused.result(), http::status::forbidden);
    EXPECT_THAT(std::string(body_of(refused).at("error").as_string()),
                HasSubstr("REFEREE_ALLOWED_ORIGINS=" + origin));
    EXPECT_EQ(refused.count("Access-Control-Allow-Origin"), 0u);
  }
}

TEST_F(OriginsTest, APreflightOfAWelcomePageIsAnswered) {
  options.allowed_origins = "https://club.example";
  HttpClient client(port());
  for (const auto* path : {"/analyze", "/streaming/stats", "/sessions/s/result"}) {
    const auto answer = client.send(http::verb::options, path, "",
                                    {{"Origin", "https://club.example"},
                                     {"Access-Control-Request-Method", "POST"},
                                     {"Access-Control-Request-Headers", "authorization, content-type"}});
    EXPECT_EQ(answer.result(), http::status::no_content) << path;
    EXPECT_EQ(answer["Access-Control-Allow-Origin"], "https://club.example");
    EXPECT_EQ(answer["Access-Control-Allow-Headers"],
              "authorization, content-type, range, if-match, if-none-match, if-range, prefer");
    EXPECT_THAT(std::string(answer["Access-Control-Allow-Methods"]), HasSubstr("POST"));
    EXPECT_NE(answer["Access-Control-Max-Age"], "");
    EXPECT_EQ(answer["Vary"], "Origin");
    EXPECT_EQ(answer.body(), "");
    EXPECT_EQ(answer.count("Content-Length"), 0u) << "RFC 9110, 8.6";
  }
  const auto foreign =
      client.send(http::verb::options, "/analyze", "",
                  {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}});
  EXPECT_EQ(foreign.result(), http::status::forbidden);
  EXPECT_EQ(foreign.count("Access-Control-Allow-Origin"), 0u);
  EXPECT_EQ(ask(http::verb::options, "/streaming/stats", {{"Origin", "https://club.example"}}),
            http::status::method_not_allowed)
      << "no preflight";
}

TEST_F(OriginsTest, AWelcomePageMayReadTheAnswer) {
  options.allowed_origins = "https://club.example";
  const auto answer =
      HttpClient(port()).send(http::verb::get, "/streaming/stats", "", {{"Origin", "https://club.example"}});
  EXPECT_EQ(answer["Access-Control-Allow-Origin"], "https://club.example");
  EXPECT_EQ(answer["Vary"], "Origin");
  EXPECT_EQ(HttpClient(port()).get("/streaming/stats")["Access-Control-Allow-Origin"], "*");
}

TEST_F(OriginsTest, AStarLetsAllIn) {
  options.allowed_origins = "*";
  EXPECT_EQ(upgrade("https://evil.example"), http::status::switching_protocols);
  EXPECT_EQ(upgrade("null"), http::status::switching_protocols);
}

TEST_F(OriginsTest, AListThatIsNoneIsAnErrorAtTheStart) {
  for (const auto* list :
       {"club.example", "https://club.example/page", "https://", "https://a.example,", "https://*"}) {
    options.allowed_origins = list;
    registry.emplace(engine, limits);
    const auto listening = Server::listen(options, *registry);
    ASSERT_FALSE(listening) << list;
    EXPECT_EQ(listening.error().code, ErrorCode::origins);
    EXPECT_THAT(listening.error().message, HasSubstr("REFEREE_ALLOWED_ORIGINS"));
  }
}

TEST_F(OriginsTest, WithATokenAnyNameWillDo) {
  options.tokens_file = folder / "tokens";
  std::ofstream(options.tokens_file) << token_line({"salle-a", hash_of("secret-a")}) << "\n";
  EXPECT_EQ(ask(http::verb::get, "/streaming/stats?token=secret-a", {{"Host", "referee.lan"}}),
            http::status::ok);
}

// A token is no cookie: no browser sends it by itself.
TEST_F(OriginsTest, WithATokenAnyPageMayCome) {
  options.tokens_file = folder / "tokens";
  std::ofstream(options.tokens_file) << token_line({"salle-a", hash_of("secret-a")}) << "\n";
  EXPECT_EQ(upgrade("https://club.example", "127.0.0.1", "/stream?token=secret-a"),
            http::status::switching_protocols);
  EXPECT_EQ(upgrade("https://club.example"), http::status::unauthorized);
  EXPECT_EQ(ask(http::verb::options, "/analyze",
                {{"Origin", "https://club.example"}, {"Access-Control-Request-Method", "POST"}}),
            http::status::no_content)
      << "a preflight brings no token";
}

// But a password is sent by the browser itself, once its user has given it.
TEST_F(OriginsTest, APasswordDoesNotCountFromAStrangersPage) {
  options.tokens_file = folder / "tokens";
  std::ofstream(options.tokens_file) << token_line({"salle-a", hash_of("secret-a")}) << "\n";
  const std::pair<std::string, std::string> password{"Authorization",
                                                     "Basic bWU6c2VjcmV0LWE="};  // me:secret-a
  EXPECT_EQ(ask(http::verb::get, "/streaming/stats", {password}), http::status::ok);
  EXPECT_EQ(ask(http::verb::get, "/streaming/stats", {password, {"Origin", "http://localhost:3000"}}),
            http::status::ok);
  EXPECT_EQ(ask(http::verb::get, "/streaming/stats", {password, {"Origin", "https://evil.example"}}),
            http::status::unauthorized);
}

}  // namespace
}  // namespace piste::server
