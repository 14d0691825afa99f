#include "session/seating.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace piste::session {
namespace {

const Caller somebody{.owner = {}, .address = "192.0.2.1"};
const Caller seated_caller{.owner = {}, .address = "192.0.2.2"};

class SeatingTest : public testing::Test {
 protected:
  Seat sit(const std::string& id, const Caller& caller = somebody) {
    auto taken = seating.take(caller, id);
    EXPECT_TRUE(taken) << (taken ? "" : taken.error().message);
    return taken ? std::move(*taken) : Seat();
  }
  SeatError refusal(const std::string& id, const Caller& caller = somebody) {
    const auto taken = seating.take(caller, id);
    EXPECT_FALSE(taken);
    return taken ? SeatError::gone : taken.error().code;
  }

  // Three seats, two of a client.
  Accounts accounts{{{{3, 2}, {1, 1}, {1, 1}, {1, 1}}}};
  Seating seating{accounts};
};

TEST_F(SeatingTest, AnIdIsTakenOnceAndFreeWhenItsSeatIsGivenBack) {
  auto seat = sit("a");
  EXPECT_TRUE(seat.holds_seat());
  EXPECT_EQ(refusal("a"), SeatError::id_in_use);
  seat.give_back();
  EXPECT_FALSE(seat.holds_id());
  const auto again = sit("a");
  EXPECT_TRUE(again.holds_id());
}

TEST_F(SeatingTest, SeatsAreForAllAndAShareForEach) {
  const auto one = sit("a");
  const auto two = sit("b");
  EXPECT_EQ(refusal("c"), SeatError::client_full);
  const auto three = sit("c", seated_caller);
  EXPECT_EQ(refusal("d", seated_caller), SeatError::full);
  EXPECT_EQ(seating.objection(seated_caller)->code, SeatError::full);
}

TEST_F(SeatingTest, WhoVacatesKeepsTheIdAndTakesASeatAgainWhereThereIsOne) {
  auto seat = sit("a");
  seat.vacate();
  EXPECT_TRUE(seat.holds_id());
  EXPECT_FALSE(seat.holds_seat());
  EXPECT_EQ(accounts.held(Holding::seat), 0u);
  {
    const auto one = sit("b");
    const auto two = sit("c");
    EXPECT_EQ(seat.reclaim(somebody).error().code, SeatError::client_full);
    EXPECT_TRUE(seat.reclaim(seated_caller)) << "the seat is the client's who comes";
    seat.vacate();
  }
  EXPECT_TRUE(seat.reclaim(somebody));
  EXPECT_TRUE(seat.reclaim(somebody)) << "it has one";
  EXPECT_EQ(accounts.held(Holding::seat), 1u);
}

TEST_F(SeatingTest, AnIdWithoutAConnectionGivesWay) {
  auto seat = sit("a");
  seat.vacate();
  const auto next = sit("a");
  EXPECT_FALSE(seat.holds_id());
  EXPECT_EQ(seat.reclaim(somebody).error().code, SeatError::gone);
  seat.give_back();
  EXPECT_TRUE(next.holds_id()) << "of the one before nothing is given back";
}

TEST_F(SeatingTest, WhatIsKeptHasAnIdAndNoSeat) {
  const auto kept = seating.keep({"", "a"});
  EXPECT_TRUE(kept.holds_id());
  EXPECT_FALSE(kept.holds_seat());
  const auto twin = seating.keep({"", "a"});
  EXPECT_FALSE(twin.holds_id()) << "another has it";
}

TEST_F(SeatingTest, OwnersDoNotSeeEachOther) {
  const auto one = sit("a", {"salle-a", ""});
  const auto two = sit("a", {"salle-b", ""});
  EXPECT_EQ(seating.present("salle-a").size(), 1u);
  EXPECT_EQ(seating.find({"salle-c", "a"}), nullptr);
}

TEST_F(SeatingTest, NobodySitsDownWhenTheServiceStopsButAnUploadThatWasLetIn) {
  auto lost = sit("a");
  lost.vacate();
  auto upload = seating.keep({"", "upload"});
  seating.occupy(upload, nullptr, std::make_shared<UploadView>());
  seating.refuse_new();
  EXPECT_EQ(refusal("b"), SeatError::shutting_down);
  EXPECT_EQ(lost.reclaim(somebody).error().code, SeatError::shutting_down);
  EXPECT_EQ(seating.objection(somebody)->code, SeatError::shutting_down);
  EXPECT_TRUE(upload.reclaim(somebody));
}

}  // namespace
}  // namespace piste::session
