#include "session/accounts.h"

#include <gtest/gtest.h>

#include <deque>

namespace piste::session {
namespace {

using Full = Accounts::Full;

const Caller here{.owner = {}, .address = "192.0.2.1"};
const Caller there{.owner = {}, .address = "192.0.2.2"};
const Caller club{.owner = "salle-a", .address = "192.0.2.1"};
const Caller small_club{.owner = "salle-b", .address = "192.0.2.1", .max_sessions = 1};

class AccountsTest : public testing::Test {
 protected:
  std::optional<Full> take(const Caller& caller, Holding what, std::size_t amount = 1) {
    return accounts.take(held_.emplace_back(), caller, what, amount);
  }

  // Seats, phrases that were left, uploads, kept ones, bytes.
  Accounts accounts{{{{4, 2}, {4, 2}, {4, 2}, {4, 2}, {1'000, 600}}}};

 private:
  std::deque<Accounts::Held> held_;
};

TEST_F(AccountsTest, OneClientGetsItsShareAndLeavesTheRestToOthers) {
  EXPECT_FALSE(take(here, Holding::seat));
  EXPECT_FALSE(take(here, Holding::seat));
  EXPECT_EQ(take(here, Holding::seat), Full::client);
  EXPECT_FALSE(take(there, Holding::seat));
  EXPECT_FALSE(take(there, Holding::seat));
  EXPECT_EQ(take(club, Holding::seat), Full::all);
  EXPECT_EQ(accounts.held(Holding::seat), 4u);
}

TEST_F(AccountsTest, EachHoldingIsCountedForItself) {
  for (const auto what : {Holding::seat, Holding::left_phrase, Holding::upload}) {
    EXPECT_FALSE(take(here, what, 2));
    EXPECT_EQ(accounts.objection(here, what), Full::client);
  }
}

TEST_F(AccountsTest, ATokenIsAClientFromWhereverItComes) {
  EXPECT_FALSE(take(here, Holding::seat, 2));
  EXPECT_FALSE(take(club, Holding::seat, 2)) << "of the same address";
  EXPECT_EQ(accounts.held(club, Holding::seat), 2u);
}

TEST_F(AccountsTest, ATokensOwnNumberIsItsShare) {
  EXPECT_FALSE(take(small_club, Holding::seat));
  EXPECT_EQ(take(small_club, Holding::seat), Full::client);
  EXPECT_FALSE(take(small_club, Holding::left_phrase));
  EXPECT_EQ(take(small_club, Holding::left_phrase), Full::client);
  EXPECT_FALSE(take(small_club, Holding::upload, 2));
  EXPECT_EQ(take(small_club, Holding::upload), Full::client);
  EXPECT_FALSE(take(small_club, Holding::message_bytes, 600));
}

TEST_F(AccountsTest, WhoIsNotKnownIsCountedForAllOnly) {
  EXPECT_FALSE(take({}, Holding::seat, 4));
  EXPECT_EQ(take({}, Holding::seat), Full::all);
}

TEST_F(AccountsTest, AReceiptGivesBackOnce) {
  Accounts::Held first;
  ASSERT_FALSE(accounts.take(first, here, Holding::seat, 2));
  Accounts::Held second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): what it is then is the point
  EXPECT_EQ(accounts.held(Holding::seat), 2u);
  second.give_back();
  second.give_back();
  EXPECT_EQ(accounts.held(Holding::seat), 0u);
  EXPECT_EQ(accounts.held(here, Holding::seat), 0u);
}

TEST_F(AccountsTest, WhatIsThereAlreadyIsChargedBeyondTheLimit) {
  const auto first = accounts.charge(here, Holding::left_phrase, 2);
  const auto second = accounts.charge(here, Holding::left_phrase);
  EXPECT_EQ(accounts.held(Holding::left_phrase), 3u);
  EXPECT_EQ(accounts.objection(here, Holding::left_phrase), Full::client);
}

TEST_F(AccountsTest, WhatIsHeldMayGrowAndShrink) {
  Accounts::Held held;
  ASSERT_FALSE(accounts.take(held, here, Holding::message_bytes, 100));
  EXPECT_TRUE(accounts.resize(held, here, 600));
  EXPECT_FALSE(accounts.resize(held, here, 601));
  EXPECT_EQ(held.amount(), 600u);
  EXPECT_TRUE(accounts.resize(held, here, 50));
  EXPECT_EQ(accounts.held(here, Holding::message_bytes), 50u);
}

TEST_F(AccountsTest, AnAmountBeyondAllIsRefusedWithoutOverflow) {
  EXPECT_EQ(take(here, Holding::message_bytes, static_cast<std::size_t>(-1)), Full::all);
  EXPECT_EQ(take(here, Holding::message_bytes, 700), Full::client);
}

}  // namespace
}  // namespace piste::session
