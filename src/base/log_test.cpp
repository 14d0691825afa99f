#include "base/log.h"

#include <gmock/gmock.h>

namespace piste::base::log {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

std::string line(std::string_view session, std::string_view text) {
  testing::internal::CaptureStderr();
  info(session, text);
  return testing::internal::GetCapturedStderr();
}

// In this order: the format is chosen once for a process.
TEST(Log, NobodyForgesALine) {
  const std::string written = line("a\nb", "one\n2026-01-01 00:00:00.000 error   two\x1b[31m");
  EXPECT_THAT(written, EndsWith("[a\\x0Ab] one\\x0A2026-01-01 00:00:00.000 error   two\\x1B[31m\n"));
}

TEST(Log, JsonIsJsonWhateverIsInIt) {
  set_json();
  const std::string written = line("s\"1", "a \\ b\n\xFF \"quoted\" \xC3\xA9");
  EXPECT_THAT(written, MatchesRegex("\\{\"time\":\"[-0-9T:.+]+\",\"level\":\"info\",.*\\}\n"));
  EXPECT_THAT(written, HasSubstr(R"("session":"s\"1")"));
  EXPECT_THAT(written, HasSubstr(R"("message":"a \\ b\\x0A\\xFF \"quoted\" é")"));
  EXPECT_THAT(written.substr(0, written.size() - 1), Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace piste::base::log
