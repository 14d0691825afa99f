// An upload harms only itself: whatever becomes of the process that takes its video apart, the service says
// so to that upload, and nine streams beside it notice nothing.
#include <csignal>
#include <fstream>
#include <future>
#include <thread>

#include "phrase.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

// The service's decoders that run now.
std::vector<pid_t> decoders(pid_t service) {
  std::vector<pid_t> found;
  for (const auto& thread :
       std::filesystem::directory_iterator("/proc/" + std::to_string(service) + "/task")) {
    std::ifstream list(thread.path() / "children");
    for (pid_t pid = 0; list >> pid;) found.push_back(pid);
  }
  return found;
}

pid_t await_decoder(pid_t service) {
  for (int i = 0; i < 10'000; ++i) {
    if (const auto found = decoders(service); !found.empty()) return found.front();
    std::this_thread::sleep_for(1ms);
  }
  return 0;
}

struct Streams {
  explicit Streams(const Service& service) {
    for (int i = 0; i < 9; ++i) {
      clients.push_back(std::make_unique<WebSocketClient>(service.port()));
      EXPECT_EQ(
          clients.back()
              ->start("stream" + std::to_string(i), small_width, small_height, 30, {{"save_overlay", false}})
              .at("type"),
          "session_started");
    }
  }
  // A frame of each is taken.
  void go_on() {
    for (auto& client : clients) EXPECT_EQ(client->frame(next, small_jpeg()).at("status"), "received");
    ++next;
  }
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  std::int64_t next = 0;
};

class UploadDecoder : public testing::TestWithParam<int> {};

TEST_P(UploadDecoder, ItsEndIsThatUploadsAlone) {
  Service service;
  Streams streams(service);
  streams.go_on();
  const Phrase phrase = sample();
  auto answer = std::async(std::launch::async, [&] {
    return test::post_form(
        service.port(), "/analyze?save_overlay=false",
        {{"video", test::read_file(phrase.video), "phrase.mkv"}, {"signal", phrase.log, "phrase.txt"}});
  });
  const pid_t decoder = await_decoder(service.process().pid());
  ASSERT_NE(decoder, 0);
  ASSERT_EQ(::kill(decoder, GetParam()), 0);
  streams.go_on();
  const auto response = answer.get();
  EXPECT_EQ(response.result_int(), 422u) << response.body();
  EXPECT_THAT(response.body(), HasSubstr("decoder"));
  EXPECT_THAT(service.log(), HasSubstr("decoder"));
  EXPECT_TRUE(decoders(service.process().pid()).empty());
  for (int i = 0; i < 10; ++i) streams.go_on();
  for (auto& client : streams.clients) {
    EXPECT_EQ(client->end(streams.next).at("validation").at("valid"), true);
    client->signal(small_log());
    EXPECT_EQ(client->receive("process_complete").at("result").at("frames_analyzed"), streams.next);
  }
}

INSTANTIATE_TEST_SUITE_P(, UploadDecoder, testing::Values(SIGKILL, SIGSEGV, SIGXCPU, SIGSYS));

}  // namespace
}  // namespace piste::e2e
