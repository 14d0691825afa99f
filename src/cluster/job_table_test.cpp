// When a node may judge what it has taken. What is in the database is tested with a real one
// (tests/deploy/cluster_jobs_test.py, cluster_removed_test.py).
#include "cluster/job_table.h"

#include <gtest/gtest.h>

namespace piste::cluster {
namespace {

using Clock = JobTable::Clock;
using std::chrono::seconds;

class JobTableTest : public ::testing::Test {
 protected:
  // The lease of the first time that it was heard.
  static session::SharedJob taken_first() {
    session::SharedJob job;
    job.lease = 1;
    return job;
  }
  void heard(seconds asked_ago, seconds answered_ago) {
    table.heard(Clock::now() - asked_ago, Clock::now() - answered_ago);
  }
  Line line;  // to no database
  JobTable table{line, "boot", "store"};
};

TEST_F(JobTableTest, NothingIsHeldBeforeItIsHeard) {
  EXPECT_FALSE(table.holds(taken_first()));
  EXPECT_FALSE(table.take().has_value());
}

TEST_F(JobTableTest, HoldsAsLongAsItIsHeard) {
  heard(seconds(16), seconds(16));
  heard(seconds(9), seconds(9));
  heard(seconds(2), seconds(2));
  EXPECT_TRUE(table.holds(taken_first()));
}

TEST_F(JobTableTest, LetsGoBeforeOthersMayTakeIt) {
  heard(seconds(8), seconds(8));
  EXPECT_FALSE(table.holds(taken_first()));
}

TEST_F(JobTableTest, WhatWasLostStaysLost) {
  heard(seconds(20), seconds(20));
  heard(seconds(1), seconds(1));
  EXPECT_FALSE(table.holds(taken_first()));
}

TEST_F(JobTableTest, AnAnswerThatTookLongIsNoLease) {
  heard(seconds(9), seconds(1));
  EXPECT_FALSE(table.holds(taken_first()));
}

TEST_F(JobTableTest, WithoutADatabaseNothingIsPut) {
  heard(seconds(0), seconds(0));
  EXPECT_FALSE(table.put(taken_first()));
  EXPECT_FALSE(table.take().has_value());
}

}  // namespace
}  // namespace piste::cluster
