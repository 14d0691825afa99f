// GET /sessions/{id}/artifacts/{name}: what of a phrase may be read, by whom, in which parts.
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
using Fields = std::vector<std::pair<std::string, std::string>>;

const std::string video = "0123456789abcdefghij";

class ArtifactRoute : public ServerTest {
 protected:
  // The folder of a phrase that is judged.
  std::filesystem::path judged(const std::string& id = "s") {
    auto client = processing(id);
    auto& phrase = engine.phrase(engine.phrases() - 1);
    phrase.complete(R"({"winner":"left"})");
    client->receive("process_complete");
    const auto path = phrase.settings.directory;
    std::ofstream(path / "overlay.mp4") << video;
    return path;
  }
  test::Response get(const std::string& target, const Fields& fields = {}) {
    return HttpClient(port()).send(http::verb::get, target, "", fields);
  }
};

constexpr const char* overlay = "/sessions/s/artifacts/overlay.mp4";

TEST_F(ArtifactRoute, AFileIsSentAsItIs) {
  judged();
  const auto answer = get(overlay);
  EXPECT_EQ(answer.result(), http::status::ok);
  EXPECT_EQ(answer.body(), video);
  EXPECT_EQ(answer["Content-Type"], "video/mp4");
  EXPECT_EQ(answer["Accept-Ranges"], "bytes");
  EXPECT_EQ(answer["Content-Disposition"], "inline; filename=\"overlay.mp4\"");
  EXPECT_EQ(answer["X-Content-Type-Options"], "nosniff");
  EXPECT_EQ(get("/sessions/s/artifacts/analysis_result.json").body(), R"({"winner":"left"})");
}

TEST_F(ArtifactRoute, APartIsSentToWhoAsksForIt) {
  judged();
  HttpClient client(port());
  for (const auto& [range, body, content_range] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"bytes=0-0", "0", "bytes 0-0/20"},
           {"bytes=5-", video.substr(5), "bytes 5-19/20"},
           {"bytes=-1", "j", "bytes 19-19/20"},
           {"bytes=10-11", "ab", "bytes 10-11/20"},
           {"bytes=0-999", video, "bytes 0-19/20"}}) {
    const auto answer = client.send(http::verb::get, overlay, "", {{"Range", range}});
    EXPECT_EQ(answer.result(), http::status::partial_content) << range;
    EXPECT_EQ(answer.body(), body) << range;
    EXPECT_EQ(answer["Content-Range"], content_range) << range;
  }
  const auto beyond = client.send(http::verb::get, overlay, "", {{"Range", "bytes=20-"}});
  EXPECT_EQ(beyond.result(), http::status::range_not_satisfiable);
  EXPECT_EQ(beyond["Content-Range"], "bytes */20");
  for (const auto* whole : {"bytes=0-1,5-6", "frames=0-1", "bytes=x"}) {
    const auto answer = client.send(http::verb::get, overlay, "", {{"Range", whole}});
    EXPECT_EQ(answer.result(), http::status::ok) << whole;
    EXPECT_EQ(answer.body(), video) << whole;
  }
}

TEST_F(ArtifactRoute, HeadSaysWhatWouldCome) {
  judged();
  HttpClient client(port());
  client.send_raw(std::string("HEAD ") + overlay +
                  " HTTP/1.1\r\nHost: localhost\r\nRange: bytes=1-2\r\n\r\n");
  const auto head = client.receive(true);
  EXPECT_EQ(head.result(), http::status::ok);
  EXPECT_EQ(head["Content-Length"], "20");
  EXPECT_NE(head["ETag"], "");
  EXPECT_EQ(client.get(overlay).body(), video) << "nothing was left in between";
}

TEST_F(ArtifactRoute, WhoHasItIsToldSo) {
  const auto path = judged();
  const std::string etag(get(overlay)["ETag"]);
  const auto known = get(overlay, {{"If-None-Match", etag}, {"Range", "bytes=0-0"}});
  EXPECT_EQ(known.result(), http::status::not_modified);
  EXPECT_EQ(known["ETag"], etag);
  std::ofstream(path / "new") << "another film of a fight";
  std::filesystem::rename(path / "new", path / "overlay.mp4");
  const auto anew = get(overlay, {{"If-None-Match", etag}});
  EXPECT_EQ(anew.result(), http::status::ok);
  EXPECT_NE(anew["ETag"], etag);
}

TEST_F(ArtifactRoute, APartOfAnotherVersionIsNotSent) {
  judged();
  const std::string etag(get(overlay)["ETag"]);
  EXPECT_EQ(get(overlay, {{"Range", "bytes=1-2"}, {"If-Range", etag}}).body(), "12");
  for (const std::string& other :
       {std::string("\"other\""), "W/" + etag, std::string("Sat, 28 Nov 2026 18:00:00 GMT")}) {
    const auto answer = get(overlay, {{"Range", "bytes=1-2"}, {"If-Range", other}});
    EXPECT_EQ(answer.result(), http::status::ok) << other;
    EXPECT_EQ(answer.body(), video) << other;
  }
}

// An id may be used again; the folder's name never is.
TEST_F(ArtifactRoute, OnlyWhatNamesTheFolderIsKeptForEver) {
  const auto path = judged();
  EXPECT_EQ(get(overlay)["Cache-Control"], "private, no-cache");
  EXPECT_EQ(get(std::string(overlay) + "?v=other")["Cache-Control"], "private, no-cache");
  EXPECT_EQ(get(std::string(overlay) + "?v=" + path.filename().string())["Cache-Control"],
            "private, max-age=31536000, immutable");
}

TEST_F(ArtifactRoute, NoNameLeadsElsewhere) {
  const auto path = judged();
  std::ofstream(path / "phrase.html") << "<script>";
  std::filesystem::create_symlink("/etc/passwd", path / "keypoints.xlsx");
  for (const std::string name : {"session.json",
                                 ".session.json.part",
                                 "frames.log",
                                 "..%2f..%2fetc%2fpasswd",
                                 "%2e%2e",
                                 ".",
                                 "..",
                                 "phrase.",
                                 "phrase.MP4",
                                 "phrase.txt.next",
                                 "overlay.mp4%00",
                                 "overlay.mp4%2f",
                                 "phrase.%2e%2e",
                                 "phrase.toolong",
                                 "overlay.mp4%20",
                                 "keypoints.xlsx",
                                 "/etc/passwd",
                                 "a/b",
                                 "",
                                 "phrase.mp4"}) {
    EXPECT_EQ(get("/sessions/s/artifacts/" + name).result(), http::status::not_found) << name;
  }
  const auto unknown = get("/sessions/s/artifacts/phrase.html");
  EXPECT_EQ(unknown["Content-Type"], "application/octet-stream") << "no page of anybody's";
  EXPECT_THAT(std::string(unknown["Content-Disposition"]), HasSubstr("attachment"));
}

TEST_F(ArtifactRoute, OnlyOfPhrasesThatAreOver) {
  EXPECT_EQ(get(overlay).result(), http::status::not_found);
  auto client = processing();
  EXPECT_EQ(get(overlay).result(), http::status::not_found);
  EXPECT_EQ(get("/sessions/s/artifacts/phrase.txt").result(), http::status::not_found);
}

TEST_F(ArtifactRoute, ABoutsPhrasesHaveTheirOwn) {
  const auto part = judged("bout") / "phrase-02";
  std::filesystem::create_directory(part);
  std::ofstream(part / "analysis_result.json") << R"({"winner":"right"})";
  std::ofstream(part / "phrase.mkv") << video;
  std::ofstream(part / "curves.json") << "{}";
  const std::string path = "/sessions/bout/phrases/phrase-02";
  EXPECT_EQ(get(path + "/result").body(), R"({"winner":"right"})");
  EXPECT_EQ(get(path + "/curves").body(), "{}");
  const auto piece = get(path + "/artifacts/phrase.mkv?v=phrase-02", {{"Range", "bytes=1-2"}});
  EXPECT_EQ(piece.body(), "12");
  EXPECT_EQ(piece["Cache-Control"], "private, no-cache");
  EXPECT_EQ(get("/sessions/other/phrases/phrase-02/result").result(), http::status::not_found);
  for (const char* wrong : {"/phrase-03/result", "/phrase-/result", "/phrase-2x/result", "/..%2fbout/result",
                            "/phrase-02", "/phrase-02/keypoints", "/phrase-02/artifacts/..%2foverlay.mp4"})
    EXPECT_EQ(get("/sessions/bout/phrases" + std::string(wrong)).result(), http::status::not_found) << wrong;
}

TEST_F(ArtifactRoute, AFilmWithoutDrawingsMayComeLater) {
  const std::string clean = "/sessions/s/artifacts/clean.mp4";
  EXPECT_EQ(get(clean).result(), http::status::not_found);
  const auto path = judged();
  EXPECT_EQ(get(clean).result(), http::status::no_content);
  std::ofstream(path / "clean.mp4") << video;
  EXPECT_EQ(get(clean)["Content-Type"], "video/mp4");
  EXPECT_EQ(get(clean).body(), video);
}

TEST_F(ArtifactRoute, AFrameIsAPicture) {
  const std::string frames = "/sessions/s/frames/";
  EXPECT_EQ(get(frames + "3.jpg").result(), http::status::not_found) << "there is no phrase yet";
  const auto path = judged();
  const auto answer = get(frames + "3.jpg?w=640&v=" + path.filename().string());
  EXPECT_EQ(answer.result(), http::status::ok);
  EXPECT_EQ(answer["Content-Type"], "image/jpeg");
  EXPECT_EQ(answer["Cache-Control"], "private, max-age=31536000, immutable");
  EXPECT_EQ(answer.body(), "JPEG of 3, 640 wide");
  EXPECT_EQ(get(frames + "3.jpg")["Cache-Control"], "private, no-cache");
  for (const char* none : {"10.jpg", "3", "3.png", "-1.jpg", "3x.jpg", ".jpg", "99999999999999999999.jpg"})
    EXPECT_EQ(get(frames + none).result(), http::status::not_found) << none;
  for (const char* wrong : {"0", "-5", "wide", "9000"})
    EXPECT_EQ(get(frames + "3.jpg?w=" + wrong).result(), http::status::bad_request) << wrong;
  EXPECT_EQ(get("/sessions/s/phrases/phrase-02/frames/3.jpg").body(), "JPEG of 3, 0 wide");
  EXPECT_EQ(get("/sessions/s/phrases/..%2fs/frames/3.jpg").result(), http::status::not_found);
}

TEST_F(ArtifactRoute, APieceIsAFilm) {
  const std::string clips = "/sessions/s/clips/";
  EXPECT_EQ(get(clips + "3-5.mp4").result(), http::status::not_found) << "there is no phrase yet";
  const auto path = judged();
  const auto answer = get(clips + "3-5.mp4?v=" + path.filename().string());
  EXPECT_EQ(answer.result(), http::status::ok);
  EXPECT_EQ(answer["Content-Type"], "video/mp4");
  EXPECT_EQ(answer["Cache-Control"], "private, max-age=31536000, immutable");
  EXPECT_EQ(answer.body(), "MP4 of 3 to 5");
  EXPECT_EQ(get(clips + "0-9.mp4?speed=0.25&drawn=1").body(), "MP4 of 0 to 9, drawn, slow");
  for (const char* none : {"3-10.mp4", "5-3.mp4", "3.mp4", "-3-5.mp4", "3-5.mkv", "3-5x.mp4", "-.mp4",
                           "3-99999999999999999999.mp4"})
    EXPECT_EQ(get(clips + none).result(), http::status::not_found) << none;
  for (const char* wrong : {"3-5.mp4?speed=2", "3-5.mp4?speed=slow", "0-1800.mp4"})
    EXPECT_EQ(get(clips + wrong).result(), http::status::bad_request) << wrong;
  EXPECT_EQ(get("/sessions/s/phrases/phrase-02/clips/3-5.mp4").body(), "MP4 of 3 to 5");
  EXPECT_EQ(get("/sessions/s/phrases/..%2fs/clips/3-5.mp4").result(), http::status::not_found);
}

TEST_F(ArtifactRoute, TheFrameOfTheFirstHitNeedsNoNumber) {
  const auto path = judged();
  const auto hit = [&](const char* result) {
    std::ofstream(path / "analysis_result.json") << result;
    return get("/sessions/s/frames/hit.jpg?w=160");
  };
  EXPECT_EQ(hit(R"({"phrase":{"touches":[{"frame":null},{"frame":7},{"frame":4}]}})").body(),
            "JPEG of 4, 160 wide");
  for (const char* none : {R"({"phrase":{"touches":[]}})", R"({"phrase":[]})", "[", "",
                           R"({"phrase":{"touches":[{"frame":"4"},{"frame":-1},7]}})"})
    EXPECT_EQ(hit(none).result(), http::status::not_found) << none;
}

TEST_F(ArtifactRoute, ABoutsPhrasesHaveTheirOwnWhileItGoesOn) {
  WebSocketClient client(port());
  client.start("bout", 640, 480, 30, {{"mode", "bout"}});
  client.frame(0, "picture");
  EXPECT_EQ(get("/sessions/bout/phrases/phrase-01/result").result(), http::status::not_found);
  const auto part = engine.bout().settings.directory / "phrase-01";
  std::filesystem::create_directory(part);
  std::ofstream(part / "analysis_result.json") << R"({"winner":"right"})";
  EXPECT_EQ(get("/sessions/bout/phrases/phrase-01/result").body(), R"({"winner":"right"})");
  EXPECT_EQ(get("/sessions/bout/phrases/phrase-01/frames/3.jpg").body(), "JPEG of 3, 0 wide");
}

TEST_F(ArtifactRoute, OfAnUploadToo) {
  test::post_form(port(), "/analyze", {{"video", "a film", "fight.mov"}, {"signal", "Phrase 1", "log.txt"}});
  const auto name = test::phrases_in(folder.path()).front().filename().string();
  const auto answer = get("/sessions/upload-" + name + "/artifacts/phrase.mov");
  EXPECT_EQ(answer.body(), "a film");
  EXPECT_EQ(answer["Content-Type"], "video/quicktime");
}

TEST_F(ArtifactRoute, WhatIsLargeComesInPieces) {
  const auto path = judged();
  std::string large(3'000'000, '.');
  for (std::size_t i = 0; i < large.size(); i += 1000) large[i] = static_cast<char>('a' + i / 1000 % 26);
  std::ofstream(path / "overlay.mp4") << large;
  HttpClient client(port());
  EXPECT_TRUE(client.get(overlay).body() == large);
  const auto part = client.send(http::verb::get, overlay, "", {{"Range", "bytes=999999-2000000"}});
  EXPECT_TRUE(part.body() == large.substr(999'999, 1'000'002));
}

TEST_F(ArtifactRoute, WhoDoesNotReadIsCutOffAndHoldsNobodyUp) {
  options.write_timeout = std::chrono::milliseconds(300);
  const auto path = judged();
  std::ofstream(path / "overlay.mp4").close();
  std::filesystem::resize_file(path / "overlay.mp4", 200u << 20);
  std::vector<std::unique_ptr<HttpClient>> idle;
  for (int i = 0; i < 20; ++i) {
    idle.push_back(std::make_unique<HttpClient>(port()));
    idle.back()->send_raw(std::string("GET ") + overlay + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  EXPECT_EQ(get("/sessions/s/result").result(), http::status::ok);
  EXPECT_EQ(get("/sessions/s/artifacts/phrase.mkv").result(), http::status::ok);
  std::this_thread::sleep_for(std::chrono::milliseconds(900));
  EXPECT_ANY_THROW(idle.front()->receive()) << "the rest never comes";
}

TEST_F(ArtifactRoute, ATokenSeesItsOwn) {
  const std::string mine(43, 'm'), other(43, 'o');
  test::TempDir elsewhere;
  options.tokens_file = elsewhere / "tokens";
  std::ofstream file(options.tokens_file);
  for (const auto& [name, token] : {std::pair("mine", mine), std::pair("other", other)})
    file << token_line({name, hash_of(token), 0}) << "\n";
  file.close();
  const auto client = processing("s", "/stream?token=" + mine);
  engine.phrase().complete("{}");
  client->receive("process_complete");
  const std::string path = "/sessions/s/artifacts/analysis_result.json";
  EXPECT_EQ(get(path).result(), http::status::unauthorized);
  EXPECT_EQ(get(path, {{"Authorization", "Bearer " + other}}).result(), http::status::not_found);
  EXPECT_EQ(get(path, {{"Authorization", "Bearer " + mine}}).body(), "{}");
}

}  // namespace
}  // namespace piste::server
