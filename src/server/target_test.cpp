#include "server/target.h"

#include <gtest/gtest.h>

namespace piste::server {
namespace {

TEST(TargetTest, IsTakenApart) {
  const Target target = split_target("/sessions/a/result?token=x&y=1");
  EXPECT_EQ(target.path, "/sessions/a/result");
  EXPECT_EQ(target.query, "token=x&y=1");
  EXPECT_EQ(split_target("http://host/health").path, "/health");
  EXPECT_EQ(split_target("no URL").path, "");
}

TEST(TargetTest, APistesNameIsLeftOut) {
  EXPECT_EQ(split_target("/piste-A/stream?token=x").path, "/stream");
  EXPECT_EQ(split_target("/piste-A/stream?token=x").query, "token=x");
  EXPECT_EQ(split_target("/piste-A/stream?token=x").prefix, "/piste-A");
  EXPECT_EQ(split_target("/stream").prefix, "");
  EXPECT_EQ(split_target("http://host/piste-7/").path, "/");
  EXPECT_EQ(split_target("/piste-A/sessions/piste-B/result").path, "/sessions/piste-B/result");
}

TEST(TargetTest, NothingElseIs) {
  for (const char* path :
       {"/piste-A", "/piste-/stream", "/piste/stream", "/pisteA/stream", "/x/piste-A/stream"})
    EXPECT_EQ(split_target(path).path, path);
  EXPECT_EQ(split_target("/piste-A/piste-B/stream").path, "/piste-B/stream");
}

}  // namespace
}  // namespace piste::server
