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
  const std::string signature = links.sign({"club", "s"}, 1000);
  EXPECT_EQ(links.owner(signature, "s", 999), "club");
  EXPECT_EQ(links.owner(signature, "s", 1000), std::nullopt);
  EXPECT_EQ(links.owner(signature, "t", 999), std::nullopt);
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string forged = signature;
    forged[i] = forged[i] == '1' ? '2' : '1';
    EXPECT_EQ(links.owner(forged, "s", 999), std::nullopt) << forged;
    EXPECT_EQ(links.owner(signature.substr(0, i), "s", 999), std::nullopt) << i;
  }
  EXPECT_EQ(links.owner("9" + signature, "s", 999), std::nullopt);
}

TEST(Links, LastOverARestartAndNobodyElseReadsTheKey) {
  test::TempDir folder;
  const auto file = folder / "links.key";
  const std::string signature = Links(file).sign({"club", "s"}, 1000);
  EXPECT_EQ(Links(file).owner(signature, "s", 1), "club");
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  std::filesystem::remove(file);
  EXPECT_EQ(Links(file).owner(signature, "s", 1), std::nullopt) << "another key";
  EXPECT_NO_THROW(Links(folder / "no/such/links.key"));
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
  for (const char* path : {"/sessions", "/sessions/t/result", "/streaming/stats", "/metrics"})
    EXPECT_EQ(client.get(path + query).result(), http::status::unauthorized) << path;
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

}  // namespace
}  // namespace piste::server
