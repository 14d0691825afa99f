#include "session/indexer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <thread>
#include <vector>

#include "support/temp_dir.h"

namespace piste::session {
namespace {

using namespace std::chrono_literals;

// A phrase whose result is a pipe: it is not read before somebody writes.
class IndexerTest : public testing::Test {
 protected:
  IndexerTest() : library(*library::FileLibrary::open(folder / "library.db")), indexer(library.get()) {
    std::filesystem::create_directory(folder / "phrase");
    EXPECT_EQ(::mkfifo(result().c_str(), 0600), 0);
    indexer.add({"anna", "s"}, folder / "phrase");
  }
  ~IndexerTest() override { let_it_be_read(); }
  void let_it_be_read() const {
    const int pipe = ::open(result().c_str(), O_RDWR | O_CLOEXEC);
    ::close(pipe);
  }
  std::filesystem::path result() const { return folder / "phrase" / "analysis_result.json"; }
  std::future<void> settle(const std::string& owner) {
    return std::async(std::launch::async, [this, owner] { indexer.settle(owner, 30s); });
  }
  static std::ptrdiff_t ready(const std::vector<std::future<void>>& all) {
    return std::count_if(all.begin(), all.end(),
                         [](const auto& one) { return one.wait_for(0s) == std::future_status::ready; });
  }

  test::TempDir folder;
  std::unique_ptr<library::FileLibrary> library;
  Indexer indexer;
};

TEST_F(IndexerTest, OthersPhrasesAreNotWaitedFor) {
  auto waiting = settle("anna");
  EXPECT_EQ(settle("ben").wait_for(10s), std::future_status::ready);
  EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout) << "but one's own are";
  let_it_be_read();
  EXPECT_EQ(waiting.wait_for(10s), std::future_status::ready);
}

TEST_F(IndexerTest, OnlyTwoWaitAtATime) {
  std::vector<std::future<void>> all;
  for (int i = 0; i < 5; ++i) all.push_back(settle("anna"));
  for (int i = 0; i < 2000 && ready(all) < 3; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(ready(all), 3);
  let_it_be_read();
  for (auto& one : all) EXPECT_EQ(one.wait_for(10s), std::future_status::ready);
}

}  // namespace
}  // namespace piste::session
