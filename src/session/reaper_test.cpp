#include "session/reaper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace piste::session {
namespace {

using testing::ElementsAre;

class ReaperTest : public testing::Test {
 protected:
  void add(const std::string& name) {
    reaper->add({[this, name] { note("stop " + name); }, [this, name] { note("clear " + name); }});
  }
  void note(const std::string& what) {
    const std::scoped_lock lock(mutex_);
    done_.push_back(what);
  }
  // Everything that was added is done when the reaper is gone.
  std::vector<std::string> all() {
    reaper.reset();
    return done_;
  }

  std::optional<Reaper> reaper{std::in_place};

 private:
  std::mutex mutex_;
  std::vector<std::string> done_;
};

TEST_F(ReaperTest, ClearsAwayInOrderAndAllBeforeItGoes) {
  add("a");
  add("b");
  const auto done = all();
  EXPECT_THAT(done, testing::IsSupersetOf({"stop a", "clear a", "stop b", "clear b"}));
  const auto at = [&](const char* what) { return std::find(done.begin(), done.end(), what); };
  EXPECT_LT(at("stop a"), at("clear a"));
  EXPECT_LT(at("clear a"), at("clear b"));
}

TEST_F(ReaperTest, OneThatFailsKeepsNoOtherBack) {
  const auto fail = [] { throw std::runtime_error("the disk says what nobody expects"); };
  reaper->add({fail, fail});
  add("a");
  EXPECT_THAT(all(), ElementsAre("stop a", "clear a"));
}

TEST_F(ReaperTest, ThoseThatWaitHaveBeenToldToStop) {
  std::promise<void> begun;
  std::promise<void> go_on;
  reaper->add({[] {},
               [&] {
                 begun.set_value();
                 go_on.get_future().wait();
                 note("clear first");
               }});
  begun.get_future().wait();
  add("b");
  add("c");
  EXPECT_EQ(reaper->waiting(), 3u);
  go_on.set_value();
  EXPECT_THAT(all(), ElementsAre("clear first", "stop b", "stop c", "clear b", "clear c"));
}

}  // namespace
}  // namespace piste::session
