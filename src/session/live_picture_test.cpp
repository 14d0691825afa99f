#include "session/live_picture.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace piste::session {
namespace {

using namespace std::chrono_literals;

const TimePoint begun = TimePoint(1000h);

types::EncodedFrame frame_of(std::string_view text, types::Encoding encoding = types::Encoding::jpeg) {
  return {0, {}, encoding, 64, 64, std::make_shared<const types::Bytes>(text.begin(), text.end())};
}

std::string shown(const LivePicture& picture) {
  const auto bytes = picture.newest();
  return bytes ? std::string(bytes->begin(), bytes->end()) : "none";
}

TEST(LivePictureTest, IsTheFirstOfEachSecond) {
  LivePicture picture;
  EXPECT_EQ(shown(picture), "none");
  picture.keep(frame_of("first"), begun);
  picture.keep(frame_of("second"), begun + 999ms);
  EXPECT_EQ(shown(picture), "first");
  picture.keep(frame_of("third"), begun + 1s);
  EXPECT_EQ(shown(picture), "third");
}

TEST(LivePictureTest, IsOneThatStandsOnItsOwnAndIsNoBurden) {
  LivePicture picture;
  picture.keep(frame_of("raw", types::Encoding::raw), begun);
  picture.keep(frame_of("unit", types::Encoding::h264), begun);
  picture.keep(frame_of(std::string((4 << 20) + 1, 'x')), begun);
  EXPECT_EQ(shown(picture), "none");
}

}  // namespace
}  // namespace piste::session
