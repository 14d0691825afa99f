// Sessions per hour and address.
#include "session/allowance.h"

#include "session/conversation.h"
#include "session/test_client.h"
#include "session/upload.h"

namespace piste::session {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(Allowance, IsOfTheLastHour) {
  Allowance allowance(2);
  const TimePoint start(std::chrono::hours(1000));
  EXPECT_FALSE(allowance.take("a", start));
  EXPECT_FALSE(allowance.take("a", start + minutes(20)));
  EXPECT_EQ(allowance.take("a", start + minutes(50)), seconds(600)) << "until the first is an hour ago";
  EXPECT_FALSE(allowance.take("a", start + minutes(60)));
  EXPECT_EQ(allowance.take("a", start + minutes(61)), seconds(19 * 60));
}

TEST(Allowance, IsOfEachAddress) {
  Allowance allowance(1);
  const TimePoint now(std::chrono::hours(1000));
  EXPECT_FALSE(allowance.take("a", now));
  EXPECT_FALSE(allowance.take("b", now));
  EXPECT_TRUE(allowance.take("a", now));
}

TEST(Allowance, OfNothingIsNone) {
  Allowance allowance(0);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(allowance.take("a", TimePoint{}));
}

class SessionsPerHour : public SessionTest {
 protected:
  std::unique_ptr<TestClient> client_from(const std::string& address) {
    return std::make_unique<TestClient>(registry(), now, Caller{"", address, 0});
  }
};

TEST_F(SessionsPerHour, ARefusalSaysWhenToComeBack) {
  limits.sessions_per_hour = 2;
  const auto client = client_from("192.0.2.1");
  for (const char* id : {"one", "two"}) {
    client->start(id);
    EXPECT_EQ(client->next_kind(), "session_started");
    client->abort();
    client->skip();
  }
  pass(minutes(10));
  client->start("three");
  const auto refused = client->next();
  EXPECT_EQ(refused.at("error_code"), "SESSION_START_FAILED");
  EXPECT_EQ(refused.at("error_message"),
            "Too many sessions from your address: 2 an hour are allowed; the next in 3000 seconds");
  EXPECT_EQ(refused.at("retry_after"), 3000);
  const auto upload = Upload::begin(registry(), now, {"", "192.0.2.1", 0});
  ASSERT_FALSE(upload);
  EXPECT_EQ(upload.error().code, UploadError::too_many);
  const auto other = client_from("192.0.2.2");
  other->start("three");
  EXPECT_EQ(other->next_kind(), "session_started");
}

TEST_F(SessionsPerHour, WhatWasRefusedForAnotherReasonIsNotCounted) {
  limits.sessions_per_hour = 1;
  limits.max_sessions = 1;
  const auto first = client_from("192.0.2.1");
  const auto second = client_from("192.0.2.2");
  first->start("one");
  for (int i = 0; i < 3; ++i) {
    second->start("two");
    EXPECT_EQ(second->next().at("error_message"), "Maximum concurrent sessions reached");
  }
  first->abort();
  second->start("two");
  EXPECT_EQ(second->next_kind(), "session_started");
}

}  // namespace
}  // namespace piste::session
