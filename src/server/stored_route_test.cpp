// What a phrase's folder does not have any more is given from the store.
#include <fstream>

#include "server/server_fixture.h"
#include "session/phrase_folder.h"
#include "store/place_for_test.h"
#include "store/store.h"
#include "support/s3_server.h"
#include "support/temp_dir.h"

namespace piste::server {
namespace {

using test::body_of;
using test::HttpClient;
using test::S3Server;
namespace http = test::http;
namespace fs = std::filesystem;
using Fields = std::vector<std::pair<std::string, std::string>>;

class StoredRoute : public ServerTest {
 protected:
  StoredRoute() {
    store.emplace(
        store::place_of(s3),
        store::Outbox::Options{.shelf = folder.path(), .look_interval = std::chrono::milliseconds(20)},
        store::Bucket::Options{
            .tries = 1, .limit = std::chrono::milliseconds(500), .rest = std::chrono::milliseconds(60'000)});
    options.store = &*store;
    limits.retention.stored_only = true;
  }
  ~StoredRoute() override { stop(); }

  // The folder of a phrase that is judged, and in the store.
  fs::path stored() {
    auto client = processing("s");
    auto& phrase = engine.phrase(engine.phrases() - 1);
    const auto path = phrase.settings.directory;
    std::ofstream(path / "overlay.mp4") << video;
    phrase.complete(R"({"winner":"left"})");
    client->receive("process_complete");
    until([&] { return session::PhraseFolder::is_stored(path); });
    return path;
  }
  test::Response get(const std::string& target, const Fields& fields = {}) {
    return HttpClient(port()).send(http::verb::get, target, "", fields);
  }

  // A phrase that is still being put away is told to be so.
  void remove() {
    auto status = http::status::conflict;
    const auto limit = std::chrono::steady_clock::now() + test::patience;
    while (status == http::status::conflict && std::chrono::steady_clock::now() < limit)
      status = HttpClient(port()).send(http::verb::delete_, "/sessions/s").result();
    ASSERT_EQ(status, http::status::no_content);
  }

  const std::string video = std::string(300'000, 'a') + "the end";
  S3Server s3;
  std::optional<store::Store> store;
};

constexpr const char* overlay = "/sessions/s/artifacts/overlay.mp4";

TEST_F(StoredRoute, WhatTheFolderHadIsGivenWholeAndInParts) {
  const auto path = stored();
  const auto asked = s3.asked().size();
  EXPECT_EQ(get(overlay).body(), video);
  EXPECT_EQ(s3.asked().size(), asked) << "as long as it is here, it comes from here";
  test::remove_watched(path);
  const auto whole = get(overlay);
  EXPECT_EQ(whole.result(), http::status::ok);
  EXPECT_EQ(whole.body(), video);
  EXPECT_EQ(whole["Content-Type"], "video/mp4");
  const auto part = get(overlay, {{"Range", "bytes=300000-"}});
  EXPECT_EQ(part.result(), http::status::partial_content);
  EXPECT_EQ(part.body(), "the end");
  EXPECT_EQ(get(overlay, {{"If-None-Match", std::string(whole["ETag"])}}).result(),
            http::status::not_modified);
  EXPECT_EQ(get("/sessions/s/result").body(), R"({"winner":"left"})");
  EXPECT_EQ(get("/sessions/s/artifacts/session.json").result(), http::status::not_found);
  EXPECT_EQ(get("/sessions/other/artifacts/overlay.mp4").result(), http::status::not_found);
}

TEST_F(StoredRoute, WhatIsOnlyThereIsListedUntilItIsRemoved) {
  test::remove_watched(stored());
  const auto listed = [this] { return body_of(get("/sessions")).at("sessions").as_array().size(); };
  EXPECT_EQ(listed(), 1u);
  remove();
  EXPECT_EQ(listed(), 0u);
}

TEST_F(StoredRoute, AStoreThatIsAwayIsSaidAndHoldsNobodyUp) {
  test::remove_watched(stored());
  s3.fail("503", 1000);
  const auto answer = get(overlay);
  EXPECT_EQ(answer.result(), http::status::service_unavailable);
  EXPECT_FALSE(answer["Retry-After"].empty());
}

TEST_F(StoredRoute, AStoreThatIsSilentIsNotWaitedForByAll) {
  test::remove_watched(stored());
  s3.fail("silent", 1000);
  EXPECT_EQ(get(overlay).result(), http::status::service_unavailable);
  const auto asked = s3.asked().size();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(get(overlay).result(), http::status::service_unavailable);
  EXPECT_EQ(s3.asked().size(), asked) << "nobody asks it again so soon";
}

TEST_F(StoredRoute, ARemovedPhraseIsRemovedThereToo) {
  stored();
  remove();
  until([&] { return s3.objects().empty(); });
  EXPECT_EQ(get(overlay).result(), http::status::not_found);
}

TEST_F(StoredRoute, ARemovedPhraseIsNotGivenWhileItIsStillThere) {
  stored();
  s3.fail("503", 1000, "DELETE");
  remove();
  EXPECT_EQ(get(overlay).result(), http::status::not_found);
  EXPECT_EQ(get("/sessions/s/result").result(), http::status::not_found);
  EXPECT_FALSE(s3.objects().empty());
  s3.be_well();
  until([&] { return s3.objects().empty(); });
}

TEST_F(StoredRoute, SoIsOneWhoseFolderIsGone) {
  test::remove_watched(stored());
  remove();
  until([&] { return s3.objects().empty(); });
  EXPECT_EQ(HttpClient(port()).send(http::verb::delete_, "/sessions/s").result(), http::status::not_found);
}

}  // namespace
}  // namespace piste::server
