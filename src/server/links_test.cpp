// POST /sessions/{id}/links and ?sig=.
#include "server/links.h"

#include <filesystem>
#include <fstream>

#include "server/server_fixture.h"
#include "server/tokens.h"

namespace piste::server {
namespace {

using test::body_of;
using test::HttpClient;
namespace http = test::http;

TEST(Links, OpenOnePhraseUntilTheyExpire) {
  test::TempDir folder;
  const Links links(folder / "links.key");
  const std::string signature = links.sign({"club", "folder"}, 1000);
  EXPECT_EQ(links.opened(signature, 999)->owner, "club");
  EXPECT_EQ(links.opened(signature, 999)->folder, "folder");
  EXPECT_FALSE(links.opened(signature, 1000));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string forged = signature;
    forged[i] = forged[i] == '1' ? '2' : '1';
    EXPECT_FALSE(links.opened(forged, 999)) << forged;
    EXPECT_FALSE(links.opened(signature.substr(0, i), 999)) << i;
  }
  EXPECT_FALSE(links.opened("9" + signature, 999));
}

TEST(Links, LastOverARestartAndNobodyElseReadsTheKey) {
  test::TempDir folder;
  const auto file = folder / "links.key";
  const std::string signature = Links(file).sign({"club", "folder"}, 1000);
  EXPECT_TRUE(Links(file).opened(signature, 1));
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  std::filesystem::remove(file);
  EXPECT_FALSE(Links(file).opened(signature, 1)) << "another key";
  EXPECT_NO_THROW(Links(folder / "no/such/links.key"));
}

// A power cut may have left less than a key.
TEST(Links, AKeyThatWasCutShortIsMadeAnew) {
  test::TempDir folder;
  const auto file = folder / "links.key";
  std::ofstream(file) << "short";
  const std::string signature = Links(file).sign({"club", "folder"}, 1000);
  EXPECT_TRUE(Links(file).opened(signature, 1)) << "it lasts over a restart";
  EXPECT_EQ(std::filesystem::file_size(file), 32u);
  const auto left = std::distance(std::filesystem::directory_iterator(folder.path()), {});
  EXPECT_EQ(left, 1) << "nothing else lies about";
}

class LinkRoute : public ServerTest {
 protected:
  LinkRoute() {
    options.tokens_file = elsewhere / "tokens";
    std::ofstream(options.tokens_file) << token_line({"mine", hash_of(mine), 0}) << "\n"
                                       << token_line({"other", hash_of(other), 0}) << "\n";
  }
  void judged() {
    const auto client = processing("s", "/stream?token=" + mine);
    engine.phrase().complete("{}");
    client->receive("process_complete");
  }
  test::Response link(const std::string& token, const std::string& body, const std::string& id = "s") {
    return HttpClient(port()).send(http::verb::post, "/sessions/" + id + "/links", body,
                                   {{"Authorization", "Bearer " + token}});
  }

  const std::string mine = std::string(43, 'm'), other = std::string(43, 'o');
  test::TempDir elsewhere;
};

TEST_F(LinkRoute, LetsReadWhatItIsFor) {
  judged();
  const auto made = link(mine, R"({"minutes":5})");
  ASSERT_EQ(made.result(), http::status::ok);
  const std::string query = "?sig=" + std::string(body_of(made).at("sig").as_string());
  HttpClient client(port());
  for (const char* path : {"/sessions/s", "/sessions/s/result", "/sessions/s/artifacts/analysis_result.json",
                           "/sessions/s/human_verdict"})
    EXPECT_EQ(client.get(path + query).result(), http::status::ok) << path;
  for (const char* path : {"/sessions", "/streaming/stats", "/metrics"})
    EXPECT_EQ(client.get(path + query).result(), http::status::unauthorized) << path;
  EXPECT_EQ(client.get("/sessions/t/result" + query).result(), http::status::not_found);
  for (const auto method : {http::verb::delete_, http::verb::patch, http::verb::post, http::verb::put}) {
    HttpClient each(port());
    EXPECT_EQ(each.send(method, "/sessions/s/human_verdict" + query, R"({"winner":"left"})").result(),
              http::status::unauthorized);
  }
  EXPECT_EQ(client.get("/sessions/s/result?sig=x").result(), http::status::unauthorized);
}

TEST_F(LinkRoute, OnlyTheOwnerMakesThemAndForATime) {
  judged();
  EXPECT_EQ(link(other, "").result(), http::status::not_found);
  EXPECT_EQ(link(mine, "").result(), http::status::ok);
  EXPECT_EQ(link(mine, "", "t").result(), http::status::not_found);
  for (const char* body : {R"({"minutes":0})", R"({"minutes":200000})", R"({"minutes":"5"})", "[]", "x"})
    EXPECT_EQ(link(mine, body).result(), http::status::unprocessable_entity) << body;
}

TEST_F(LinkRoute, EndsWithItsOwnersToken) {
  judged();
  const std::string path =
      "/sessions/s/result?sig=" + std::string(body_of(link(mine, "")).at("sig").as_string());
  EXPECT_EQ(HttpClient(port()).get(path).result(), http::status::ok);
  std::ofstream(options.tokens_file) << token_line({"other", hash_of(other), 0}) << "\n";
  server->reload();
  until([&] { return HttpClient(port()).get(path).result() == http::status::unauthorized; });
}

TEST_F(LinkRoute, ALinkDoesNotOpenABoutThatRunsUnderItsId) {
  judged();
  const std::string query = "?sig=" + std::string(body_of(link(mine, "")).at("sig").as_string());
  test::WebSocketClient client(port(), "/stream?token=" + mine);
  client.start("s", 640, 480, 30, {{"mode", "bout"}});
  client.frame(0, "picture");
  const auto part = engine.bout().settings.directory / "phrase-01";
  std::filesystem::create_directory(part);
  std::ofstream(part / "analysis_result.json") << R"({"winner":"right"})";
  for (const char* file : {"result", "artifacts/analysis_result.json"}) {
    const std::string path = std::string("/sessions/s/phrases/phrase-01/") + file;
    EXPECT_EQ(HttpClient(port()).get(path + "?token=" + mine).result(), http::status::ok) << file;
    EXPECT_EQ(HttpClient(port()).get(path + query).result(), http::status::not_found) << file;
  }
  EXPECT_EQ(HttpClient(port()).get("/sessions/s/result" + query).body(), "{}") << "its own";
}

TEST_F(LinkRoute, ALinkTellsNothingOfASessionThatRunsUnderItsId) {
  judged();
  const std::string target = "/sessions/s?sig=" + std::string(body_of(link(mine, "")).at("sig").as_string());
  const std::string before = HttpClient(port()).get(target).body();
  test::WebSocketClient client(port(), "/stream?token=" + mine);
  client.start("s", 640, 480);
  client.frame(0, "picture");
  EXPECT_NE(HttpClient(port()).get("/sessions/s?token=" + mine).body(), before) << "of the new one";
  EXPECT_EQ(HttpClient(port()).get(target).body(), before) << "of its own";
}

// A client may use an id again.
TEST_F(LinkRoute, ALinkDoesNotOpenALaterPhraseOfTheSameId) {
  judged();
  const auto made = body_of(link(mine, ""));
  const std::string target = "/sessions/s/result?sig=" + std::string(made.at("sig").as_string());
  EXPECT_EQ(HttpClient(port()).get(target).result(), http::status::ok);
  const auto client = processing("s", "/stream?token=" + mine);
  engine.phrase(1).complete("{}");
  client->receive("process_complete");
  EXPECT_EQ(HttpClient(port()).get(target).result(), http::status::not_found);
  EXPECT_EQ(HttpClient(port()).get("/sessions/s/result?token=" + mine).result(), http::status::ok);
}

}  // namespace
}  // namespace piste::server
