#include "cluster/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace piste::cluster {
namespace {

using testing::HasSubstr;

TEST(ConnectionUrl, SaysWhatToEncode) {
  for (const char* url : {"postgresql://piste:a@b@db/piste", "postgresql://piste:a/b@db/piste",
                          "postgresql://piste:a?b@db/piste", "postgresql://piste@db/piste?password=a@b"})
    EXPECT_THAT(wrong_in(url).value_or(""), HasSubstr("percent-encoded")) << url;
  EXPECT_THAT(wrong_in("piste@db").value_or(""), HasSubstr("postgresql://"));
}

TEST(ConnectionUrl, ItsPasswordIsInNoMessage) {
  if (const auto no_library = wrong_in("postgresql://piste@db/piste")) GTEST_SKIP() << *no_library;
  EXPECT_EQ(wrong_in("postgresql://piste:a%40b@db/piste"), std::nullopt);
  const auto made = Connection::open("postgresql://piste:sec%2Fret@127.0.0.1:sec%2Fret/piste");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::away);
  EXPECT_THAT(made.error().message, HasSubstr("***"));
  EXPECT_THAT(made.error().message, testing::Not(HasSubstr("sec/ret")));
}

}  // namespace
}  // namespace piste::cluster
