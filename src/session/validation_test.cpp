#include "session/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace piste::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The phrase whose frames came in the order of `numbers`.
class Phrase {
 public:
  explicit Phrase(std::initializer_list<std::int64_t> numbers) {
    for (const auto number : numbers) add(number);
  }
  static Phrase complete(std::int64_t count) {
    Phrase phrase({});
    for (std::int64_t i = 0; i < count; ++i) phrase.add(i);
    return phrase;
  }
  void add(std::int64_t number) {
    stats.out_of_order_frames += number < received.highest();
    received.insert(number);
    stats.frames_received = received.count();
  }
  protocol::Validation ended(std::optional<std::int64_t> total = {}) const {
    return validate(stats, received, {total, "", false});
  }

  types::StreamingStats stats;
  base::IntervalSet received;
};

TEST(Validate, APerfectPhraseIsValidThoughItsSignalComesLater) {
  const auto validation = Phrase::complete(30).ended(30);
  EXPECT_TRUE(validation.valid);
  EXPECT_THAT(validation.issues, IsEmpty());
  EXPECT_EQ(validation.frame_count, 30);
  EXPECT_EQ(validation.missing_frames, 0);
  EXPECT_FALSE(validation.has_signal);
}

TEST(Validate, NoFrames) {
  const auto validation = Phrase({}).ended(0);
  EXPECT_FALSE(validation.valid);
  EXPECT_THAT(validation.issues, ElementsAre("No frames were received"));
  EXPECT_EQ(Phrase({}).ended(1800).missing_frames, 1800);
}

TEST(Validate, FewerThanTen) {
  EXPECT_THAT(Phrase::complete(9).ended(9).issues,
              ElementsAre("Only 9 frames were received; a sound verdict needs at least 10"));
  EXPECT_THAT(Phrase::complete(1).ended(1).issues,
              ElementsAre("Only 1 frame was received; a sound verdict needs at least 10"));
  EXPECT_TRUE(Phrase::complete(10).ended(10).valid);
}

TEST(Validate, MissingFramesAreCountedAndNamed) {
  auto phrase = Phrase::complete(10);
  phrase.add(12);
  phrase.add(15);
  EXPECT_THAT(phrase.ended().issues, ElementsAre("4 frames are missing: 10-11, 13-14"));
  EXPECT_EQ(phrase.ended(20).missing_frames, 8);
  EXPECT_THAT(phrase.ended(20).issues, ElementsAre("8 frames are missing: 10-11, 13-14, 16-19"));
}

TEST(Validate, ManyGapsAreNotAllNamed) {
  auto phrase = Phrase::complete(10);
  for (std::int64_t i = 12; i < 40; i += 2) phrase.add(i);
  EXPECT_THAT(phrase.ended().issues[0], HasSubstr(" missing: 10-11, 13, 15, 17, 19, ..."));
}

TEST(Validate, MoreFramesThanTotal) {
  const auto validation = Phrase::complete(25).ended(20);
  EXPECT_THAT(validation.issues,
              ElementsAre("total_frames is 20, but frame number 24 was received (numbers start at 0)"));
  EXPECT_EQ(validation.missing_frames, 0);
}

TEST(Validate, AnAbsurdTotalCostsNothing) {
  EXPECT_EQ(Phrase::complete(10).ended(9007199254740991).missing_frames, 9007199254740981);
}

TEST(Validate, LateAndRefusedFramesAreIssuesDuplicatesAreNot) {
  auto phrase = Phrase::complete(5);
  for (const int number : {6, 5, 7, 8, 9}) phrase.add(number);
  EXPECT_THAT(phrase.ended(10).issues, ElementsAre("1 frame came late, after a frame with a higher number"));
  auto refused = Phrase::complete(10);
  refused.stats.rejected_frames = 2;
  EXPECT_THAT(refused.ended(10).issues, ElementsAre("2 frames were not accepted"));
  auto repeated = Phrase::complete(10);
  repeated.stats.duplicate_frames = 3;
  repeated.stats.size_mismatches = 1;
  EXPECT_TRUE(repeated.ended(10).valid);
  EXPECT_EQ(repeated.ended(10).duplicate_frames, 3);
  EXPECT_EQ(repeated.ended(10).size_mismatches, 1);
}

}  // namespace
}  // namespace piste::session
