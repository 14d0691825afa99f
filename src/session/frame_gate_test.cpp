#include "session/frame_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace piste::session {
namespace {

using testing::HasSubstr;
using testing::Optional;

class FrameGateTest : public testing::Test {
 protected:
  FrameGateTest() {
    start.fps = 30;
    start.video_format = "bgr24";
    limits.max_frames = 1000;
    limits.max_frame_bytes = 100;
  }
  FrameGate gate() const { return {start, limits}; }
  static protocol::FrameHeader header(std::int64_t number, types::Encoding encoding = types::Encoding::jpeg) {
    protocol::FrameHeader header;
    header.number = number;
    header.encoding = encoding;
    return header;
  }

  protocol::SessionStart start;
  Limits limits;
};

TEST_F(FrameGateTest, NumbersBeginAnywhereAndLieTogether) {
  auto frames = gate();
  EXPECT_EQ(frames.objection(header(5'000'000)), std::nullopt);
  EXPECT_TRUE(frames.take(5'000'000, true));
  EXPECT_FALSE(frames.take(5'000'000, true)) << "it is there already";
  EXPECT_EQ(frames.objection(header(5'000'999)), std::nullopt);
  EXPECT_THAT(frames.objection(header(5'001'000)), Optional(HasSubstr("must be below 5001000")));
  EXPECT_EQ(frames.objection(header(4'999'001)), std::nullopt) << "the first to come was late";
  EXPECT_THAT(frames.objection(header(4'999'000)), Optional(HasSubstr("must be above 4999000")));
}

TEST_F(FrameGateTest, AClientsOwnCountLeavesRoomForMore) {
  start.expected_frames = 40;
  auto frames = gate();
  frames.take(0, true);
  EXPECT_EQ(frames.objection(header(379)), std::nullopt);
  EXPECT_THAT(frames.objection(header(380)), Optional(HasSubstr("must be below 380")));
  start.expected_frames = 900;
  EXPECT_EQ(frames.objection(header(999)), std::nullopt);
  EXPECT_NE(frames.objection(header(1000)), std::nullopt) << "never more than the server's own limit";
}

TEST_F(FrameGateTest, ABoutMayLastADay) {
  start.bout = true;
  auto frames = gate();
  frames.take(0, true);
  EXPECT_EQ(frames.objection(header(30 * 24 * 60 * 60 - 1)), std::nullopt);
  EXPECT_NE(frames.objection(header(30 * 24 * 60 * 60)), std::nullopt);
}

TEST_F(FrameGateTest, OfABoutOldGapsAreForgotten) {
  start.bout = true;
  auto frames = gate();
  for (std::int64_t number = 0; number <= 20'000; number += 2) frames.take(number, true);
  EXPECT_EQ(frames.numbers().runs(), 1u);
  EXPECT_TRUE(frames.numbers().contains(1)) << "it would not be taken any more";
  frames.take(20'002, true);
  EXPECT_FALSE(frames.numbers().contains(20'001));
}

TEST_F(FrameGateTest, WhatWasNotAnnouncedIsNotTaken) {
  using types::Encoding;
  EXPECT_THAT(gate().objection(header(0, Encoding::h264)), Optional(HasSubstr("did not announce it")));
  EXPECT_EQ(gate().objection(header(0, Encoding::png)), std::nullopt);
  EXPECT_EQ(gate().objection(header(0, Encoding::raw)), std::nullopt);
  start.video_format = "yuv420p";
  EXPECT_THAT(gate().objection(header(0, Encoding::raw)), Optional(HasSubstr("not bgr24")));
  start.h264 = true;
  EXPECT_EQ(gate().objection(header(0, Encoding::h264)), std::nullopt);
  EXPECT_THAT(gate().objection(header(0)), Optional(HasSubstr("announced h264 for all")));
}

TEST_F(FrameGateTest, SizesHaveALimit) {
  auto large = header(0);
  large.size = 100;
  EXPECT_EQ(gate().objection(large), std::nullopt);
  large.size = 101;
  EXPECT_THAT(gate().objection(large), Optional(HasSubstr("may have 100 bytes, this one has 101")));
  EXPECT_EQ(gate().size_objection(100), std::nullopt);
  EXPECT_NE(gate().size_objection(101), std::nullopt);
}

TEST_F(FrameGateTest, AKeyFrameComesFirstAndNowAndThen) {
  start.h264 = true;
  auto frames = gate();
  EXPECT_THAT(frames.key_objection(false), Optional(HasSubstr("first H.264 frame")));
  EXPECT_EQ(frames.key_objection(true), std::nullopt);
  frames.take(0, true);
  for (std::int64_t number = 1; number <= 300; ++number) {
    ASSERT_EQ(frames.key_objection(false), std::nullopt) << number;
    frames.take(number, false);
  }
  EXPECT_THAT(frames.key_objection(false), Optional(HasSubstr("a key frame is due")));
  frames.take(301, true);
  EXPECT_EQ(frames.key_objection(false), std::nullopt);
}

}  // namespace
}  // namespace piste::session
