// GET /sessions, and what people say of a phrase.
#include <boost/json.hpp>
#include <fstream>

#include "server/server_fixture.h"

namespace piste::server {
namespace {

using test::body_of;
using test::HttpClient;
using testing::ElementsAre;
using testing::HasSubstr;
namespace http = test::http;
namespace json = test::json;
using Fields = std::vector<std::pair<std::string, std::string>>;

class LibraryRoute : public ServerTest {
 protected:
  void judged(const std::string& id, const std::string& result = R"({"winner":"left","weapon":"sabre",
      "reason":"Attack from the left","decision":{"confidence":0.81,"review":true}})") {
    auto client = processing(id);
    engine.phrase(engine.phrases() - 1).complete(result);
    client->receive("process_complete");
  }
  json::object list(const std::string& query = "") {
    return body_of(HttpClient(port()).get("/sessions" + query));
  }
  static json::array sessions_in(const json::object& answer) { return answer.at("sessions").as_array(); }
  std::vector<std::string> ids(const std::string& query = "") {
    std::vector<std::string> out;
    const auto sessions = sessions_in(list(query));
    for (const auto& one : sessions) out.emplace_back(one.at("id").as_string());
    return out;
  }
  test::Response put(const std::string& body, const Fields& fields = {}, const std::string& id = "s") {
    return HttpClient(port()).send(http::verb::put, "/sessions/" + id + "/human_verdict", body, fields);
  }
};

TEST_F(LibraryRoute, SaysWhatIsThere) {
  judged("s");
  const auto one = list().at("sessions").as_array().at(0).as_object();
  EXPECT_EQ(one.at("id"), "s");
  EXPECT_EQ(one.at("state"), "COMPLETE");
  EXPECT_EQ(one.at("winner"), "left");
  EXPECT_EQ(one.at("weapon"), "sabre");
  EXPECT_EQ(one.at("confidence"), 0.81);
  EXPECT_EQ(one.at("review"), true);
  EXPECT_EQ(one.at("reason"), "Attack from the left");
  EXPECT_TRUE(one.at("human_verdict").is_null());
  EXPECT_THAT(std::string(one.at("started").as_string()),
              testing::MatchesRegex("20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z"));
  const std::string version(one.at("version").as_string());
  EXPECT_TRUE(std::filesystem::exists(folder / version));
  EXPECT_THAT(json::serialize(one.at("artifacts")), HasSubstr("analysis_result.json"));
}

TEST_F(LibraryRoute, PagesFollowOneAnother) {
  for (int i = 0; i < 5; ++i) judged("s" + std::to_string(i));
  std::vector<std::string> all;
  std::string after;
  for (int page = 0; page < 4; ++page) {
    const auto answer = list("?limit=2" + after);
    for (const auto& one : answer.at("sessions").as_array()) all.emplace_back(one.at("id").as_string());
    if (answer.at("next").is_null()) break;
    after = "&after=" + std::string(answer.at("next").as_string());
  }
  EXPECT_THAT(all, testing::UnorderedElementsAre("s0", "s1", "s2", "s3", "s4"));
}

TEST_F(LibraryRoute, WhatIsRunningComesFirst) {
  judged("over");
  auto client = processing("now");
  EXPECT_THAT(ids(), ElementsAre("now", "over"));
  EXPECT_EQ(list().at("sessions").as_array()[0].at("state"), "PROCESSING");
  EXPECT_THAT(ids("?weapon=sabre"), ElementsAre("over"));
}

TEST_F(LibraryRoute, WrongQuestionsGet400) {
  for (const char* query :
       {"?limit=0", "?limit=501", "?winner=nobody", "?limit=x", "?limit=5x", "?from=yesterday", "?to=2026-13",
        "?from=2026-11-28T18", "?q=a%00b", "?q=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k%20l%20m%20n"})
    EXPECT_EQ(HttpClient(port()).get(std::string("/sessions") + query).result(), http::status::bad_request)
        << query;
  EXPECT_EQ(HttpClient(port()).send(http::verb::put, "/sessions").result(), http::status::method_not_allowed);
  EXPECT_THAT(ids("?from=2026-01-01&to=2026-01-02T10:00:00Z&q=%22OR%20("), testing::IsEmpty());
}

TEST_F(LibraryRoute, IsNarrowedByTheCall) {
  judged("s");
  EXPECT_THAT(ids("?winner=left"), ElementsAre("s"));
  EXPECT_THAT(ids("?winner=right"), testing::IsEmpty());
}

TEST_F(LibraryRoute, PeopleMayNameAPhraseAndFindIt) {
  judged("s");
  judged("t");
  const auto patched = HttpClient(port()).send(
      http::verb::patch, "/sessions/s",
      R"({"name":"14-14","bout":"final","piste":"blue","fencers":{"left":"Anna"},"tags":["riposte"]})");
  EXPECT_EQ(patched.result(), http::status::ok);
  EXPECT_EQ(body_of(patched).at("fencers"), json::parse(R"({"left":"Anna","right":""})"));
  for (const char* query : {"?bout=final", "?fencer=Anna", "?piste=blue", "?q=blue", "?q=ripo", "?q=14-14"})
    EXPECT_THAT(ids(query), ElementsAre("s")) << query;
  HttpClient(port()).send(http::verb::patch, "/sessions/s", R"({"bout":null})");
  EXPECT_THAT(ids("?bout=final"), testing::IsEmpty());
  EXPECT_THAT(ids("?fencer=Anna"), ElementsAre("s")) << "what is not named stays";
}

TEST_F(LibraryRoute, APersonsVerdictStandsBesideAndHasAHistory) {
  judged("s");
  const auto first = put(R"({"winner":"right","reasons":["parry"],"note":"clear","by":"M","blind":true})");
  EXPECT_EQ(first.result(), http::status::ok);
  const std::string etag(first["ETag"]);
  EXPECT_EQ(body_of(first).at("human_verdict").at("winner"), "right");
  EXPECT_EQ(list().at("sessions").as_array()[0].at("human_blind"), true);
  EXPECT_THAT(ids("?disagreed=1"), ElementsAre("s"));
  EXPECT_EQ(put(R"({"winner":"none"})", {{"If-Match", "\"0\""}}).result(), http::status::precondition_failed);
  EXPECT_EQ(put(R"({"winner":"none"})", {{"If-Match", "nonsense"}}).result(),
            http::status::precondition_failed);
  EXPECT_EQ(put(R"({"winner":"unclear"})", {{"If-Match", etag}}).result(), http::status::ok);
  EXPECT_EQ(list().at("sessions").as_array()[0].at("human_verdict"), "unclear");
  EXPECT_THAT(ids("?disagreed=1"), testing::IsEmpty());
  EXPECT_EQ(list().at("sessions").as_array()[0].at("human_blind"), false);
  EXPECT_THAT(ids("?q=clear"), testing::IsEmpty()) << "the note of what was said before";
  HttpClient client(port());
  EXPECT_EQ(client.send(http::verb::delete_, "/sessions/s/human_verdict").result(), http::status::ok);
  const auto now = body_of(client.get("/sessions/s/human_verdict"));
  EXPECT_TRUE(now.at("human_verdict").is_null());
  EXPECT_EQ(now.at("history").as_array().size(), 3u);
  EXPECT_EQ(now.at("history").as_array()[0].at("note"), "clear");
  EXPECT_EQ(body_of(client.get("/sessions/s/result")).at("winner"), "left") << "never an input";
}

// An ETag that names a revision alone would let through what was meant for the phrase before.
TEST_F(LibraryRoute, AChangeThatWasMeantForAnEarlierPhraseOfTheIdIsRefused) {
  judged("s");
  const std::string etag(put(R"({"winner":"right"})")["ETag"]);
  const auto first = engine.phrase(0).settings.directory;
  judged("s");
  EXPECT_EQ(put(R"({"winner":"left"})").result(), http::status::ok);
  EXPECT_EQ(put(R"({"winner":"none"})", {{"If-Match", etag}}).result(), http::status::precondition_failed);
  EXPECT_TRUE(std::filesystem::exists(first / "people.json"));
  EXPECT_TRUE(std::filesystem::exists(engine.phrase(1).settings.directory / "people.json"));
}

// Damaged, or of a later version: who writes over it takes from people what they have said.
TEST_F(LibraryRoute, WhatPeopleSaidAndCannotBeReadIsNotWrittenOver) {
  judged("s");
  ASSERT_EQ(put(R"({"winner":"right"})").result(), http::status::ok);
  const std::filesystem::path said =
      folder / std::string(list().at("sessions").as_array()[0].at("version").as_string()) / "people.json";
  ASSERT_TRUE(std::filesystem::exists(said));
  std::ofstream(said) << "{";
  EXPECT_EQ(put(R"({"winner":"left"})").result(), http::status::internal_server_error);
  EXPECT_EQ(HttpClient(port()).get("/sessions/s/human_verdict").result(),
            http::status::internal_server_error);
  EXPECT_EQ(std::filesystem::file_size(said), 1u);
}

TEST_F(LibraryRoute, WhatIsNoVerdictIsRefused) {
  judged("s");
  const std::string longer(5000, 'x');
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"winner":"both"})"),
        std::string(R"({"winner":"left","reasons":"parry"})"), std::string(R"({"winner":"left","blind":1})"),
        std::string(R"({"winner":"left","reasons":[1]})"), R"({"winner":"left","note":")" + longer + "\"}",
        std::string(R"({"winner":"left","by":"a\u0000b"})"), std::string("{\"winner\":\"left\xff\"}")})
    EXPECT_EQ(put(body).result(), http::status::unprocessable_entity) << body.substr(0, 60);
  EXPECT_EQ(put(std::string(70'000, ' ')).result(), http::status::payload_too_large);
  HttpClient chunked(port());
  chunked.send_raw(
      "PUT /sessions/s/human_verdict HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: "
      "chunked\r\n\r\n11170\r\n" +
      std::string(70'000, ' '));
  EXPECT_EQ(chunked.receive().result(), http::status::payload_too_large);
  EXPECT_EQ(put(R"({"winner":"left"})", {}, "nobody").result(), http::status::not_found);
  EXPECT_TRUE(list().at("sessions").as_array()[0].at("human_verdict").is_null());
}

TEST_F(LibraryRoute, WhatPeopleSaidIsThereAfterALostIndex) {
  judged("s");
  put(R"({"winner":"right","note":"riposte"})");
  stop();
  server.reset();
  registry.reset();
  std::filesystem::remove_all(folder / ".library");
  port();
  EXPECT_THAT(ids(), testing::IsEmpty()) << "the test's fault: nothing was looked for yet";
  registry->recover(std::chrono::steady_clock::now());
  EXPECT_THAT(ids("?q=riposte"), ElementsAre("s"));
  EXPECT_EQ(list().at("sessions").as_array()[0].at("human_verdict"), "right");
}

TEST_F(LibraryRoute, KnowsOnWhichPisteAPhraseOrABoutWasFenced) {
  judged("elsewhere");
  test::WebSocketClient phrase(port(), "/stream"), bout(port(), "/stream");
  phrase.start("s", 640, 480, 30, {{"piste", "blue"}});
  for (int i = 0; i < 10; ++i) phrase.frame(i, "picture");
  phrase.end(10);
  phrase.signal("Phrase 1");
  phrase.receive("process_start");
  engine.phrase(engine.phrases() - 1).complete(R"({"winner":"left"})");
  phrase.receive("process_complete");
  bout.start("b", 640, 480, 30, {{"mode", "bout"}, {"piste", "blue"}});
  for (int i = 0; i < 10; ++i) bout.frame(i, "picture");
  bout.end(10);
  engine.bout().complete(R"({"phrases":[]})");
  bout.receive("process_complete");
  const auto there = [&] { EXPECT_THAT(ids("?piste=blue"), testing::UnorderedElementsAre("b", "s")); };
  there();
  EXPECT_EQ(list("?bout=&piste=blue").at("sessions").as_array()[0].at("piste"), "blue");
  EXPECT_TRUE(list("?weapon=sabre").at("sessions").as_array()[0].at("piste").is_null());
  const auto rename = [&](const std::string& to) {
    return HttpClient(port()).send(http::verb::patch, "/sessions/s", R"({"piste":)" + to + "}");
  };
  EXPECT_EQ(body_of(rename(R"("red")")).at("piste"), "red");
  EXPECT_THAT(ids("?piste=red"), ElementsAre("s"));
  EXPECT_EQ(rename("null").result(), http::status::ok);
  there();
  EXPECT_EQ(rename("7").result(), http::status::unprocessable_entity);
  stop();
  server.reset();
  registry.reset();
  std::filesystem::remove_all(folder / ".library");
  port();
  registry->recover(std::chrono::steady_clock::now());
  there();
}

TEST_F(LibraryRoute, APhraseCanBeRemovedForGood) {
  judged("s");
  auto running = processing("now");
  const std::string version(list("?weapon=sabre").at("sessions").as_array()[0].at("version").as_string());
  HttpClient client(port());
  EXPECT_EQ(client.send(http::verb::delete_, "/sessions/now").result(), http::status::conflict);
  EXPECT_EQ(client.send(http::verb::delete_, "/sessions/nobody").result(), http::status::not_found);
  until([&] { return client.send(http::verb::delete_, "/sessions/s").result() == http::status::no_content; });
  EXPECT_FALSE(std::filesystem::exists(folder / version));
  EXPECT_EQ(client.get("/sessions/s/result").result(), http::status::not_found);
  EXPECT_THAT(ids("?weapon=sabre"), testing::IsEmpty());
}

TEST_F(LibraryRoute, WhatRetentionTookIsNotListed) {
  judged("s");
  judged("t");
  const std::string version(list().at("sessions").as_array()[0].at("version").as_string());
  const std::string id(list().at("sessions").as_array()[0].at("id").as_string());
  std::filesystem::remove(folder / version / "analysis_result.json");
  EXPECT_THAT(ids(), ElementsAre(id == "s" ? "t" : "s"));
}

}  // namespace
}  // namespace piste::server
