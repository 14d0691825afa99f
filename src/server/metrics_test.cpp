// GET /metrics, /livez and /readyz.
#include <fstream>
#include <sstream>

#include "server/server_fixture.h"
#include "server/tokens.h"

namespace piste::server {
namespace {

using test::HttpClient;
using test::WebSocketClient;
using testing::HasSubstr;
namespace http = test::http;

class MetricsTest : public ServerTest {
 protected:
  std::string page() { return HttpClient(port()).get("/metrics").body(); }
  // The value of a line, as it stands; -1 where there is none.
  double metric(const std::string& name) {
    std::istringstream lines(page());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
    }
    return -1;
  }
};

TEST_F(MetricsTest, IsWhatPrometheusReads) {
  const auto response = HttpClient(port()).get("/metrics");
  EXPECT_EQ(response.result(), http::status::ok);
  EXPECT_EQ(response["Content-Type"], "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(response.body(), HasSubstr("# TYPE piste_sessions_started_total counter\n"));
  EXPECT_THAT(response.body(), HasSubstr("# TYPE piste_ack_seconds histogram\n"));
}

TEST_F(MetricsTest, APhraseIsCounted) {
  auto client = processing("s");  // ten frames of seven bytes
  EXPECT_EQ(metric("piste_sessions_active"), 1);
  engine.phrase().complete(R"({"winner":"left"})");
  client->receive("process_complete");
  EXPECT_EQ(metric("piste_sessions_started_total"), 1);
  EXPECT_EQ(metric(R"(piste_sessions_ended_total{end="result"})"), 1);
  EXPECT_EQ(metric(R"(piste_frames_total{answer="received"})"), 10);
  EXPECT_EQ(metric("piste_frame_bytes_total"), 70);
  EXPECT_EQ(metric("piste_ack_seconds_count"), 11) << "and the log";
  EXPECT_EQ(metric("piste_result_seconds_count"), 1);
  EXPECT_GE(metric("piste_saved_seconds_total"), 0);
  EXPECT_EQ(metric("piste_sessions_active"), 0);
}

TEST_F(MetricsTest, WhatGoesWrongIsCountedByItsCode) {
  limits.max_sessions = 1;
  WebSocketClient client(port());
  client.start("s", 640, 480);
  EXPECT_EQ(client.frame(-1, "picture").at("error_code"), "FRAME_PROCESSING_FAILED");
  WebSocketClient second(port());
  second.start("t", 640, 480);
  client.send_text("nonsense");
  client.wait_close();
  EXPECT_EQ(metric(R"(piste_frames_total{answer="error"})"), 1);
  EXPECT_EQ(metric(R"(piste_errors_total{code="FRAME_PROCESSING_FAILED"})"), 1);
  EXPECT_EQ(metric(R"(piste_errors_total{code="SESSION_START_FAILED"})"), 1);
  EXPECT_EQ(metric(R"(piste_errors_total{code="INVALID_MESSAGE"})"), 1);
  EXPECT_EQ(metric("piste_sessions_refused_total"), 1);
  EXPECT_EQ(metric(R"(piste_sessions_ended_total{end="dropped"})"), 1);
}

TEST_F(MetricsTest, AnUploadIsCounted) {
  test::post_form(port(), "/analyze", {{"video", "v", "v.avi"}, {"signal", "Phrase 1"}});
  EXPECT_EQ(metric(R"(piste_uploads_total{end="result"})"), 1);
}

TEST_F(MetricsTest, NeedsATokenWhereThereAreTokens) {
  options.tokens_file = folder / "tokens";
  std::ofstream(options.tokens_file) << "";
  EXPECT_EQ(HttpClient(port()).get("/metrics").result(), http::status::unauthorized);
  EXPECT_EQ(HttpClient(port()).get("/livez").result(), http::status::ok);
  EXPECT_EQ(HttpClient(port()).get("/readyz").result(), http::status::ok);
}

TEST_F(MetricsTest, AnyTokenReadsTheTotalsAndNobodysNames) {
  options.tokens_file = folder / "tokens";
  std::ofstream(options.tokens_file) << token_line({"salle-a", hash_of("secret-a")}) << "\n"
                                     << token_line({"prometheus", hash_of("secret-p")}) << "\n";
  WebSocketClient client(port(), "/stream?token=secret-a");
  client.start("semifinal", 640, 480);
  client.frame(0, "picture");
  const std::string page = HttpClient(port()).get("/metrics?token=secret-p").body();
  EXPECT_THAT(page, HasSubstr("piste_frames_total{answer=\"received\"} 1\n"));
  for (const auto* name : {"semifinal", "salle-a", "prometheus", "secret", "127.0.0.1"}) {
    EXPECT_THAT(page, testing::Not(HasSubstr(name)));
  }
}

TEST_F(MetricsTest, ReadyEndsBeforeLiveDoes) {
  auto running = processing();
  HttpClient client(port());
  EXPECT_EQ(client.get("/readyz").result(), http::status::ok);
  server->stop();
  EXPECT_EQ(HttpClient(port()).get("/readyz").result(), http::status::service_unavailable);
  EXPECT_EQ(HttpClient(port()).get("/livez").result(), http::status::ok);
  engine.phrase().complete("{}");
  join();
}

TEST_F(MetricsTest, WithoutDiskItIsNotReady) {
  limits.min_free_disk_bytes = ~0ull;
  EXPECT_EQ(HttpClient(port()).get("/readyz").result(), http::status::service_unavailable);
  EXPECT_EQ(HttpClient(port()).get("/health").result(), http::status::ok);
}

}  // namespace
}  // namespace piste::server
