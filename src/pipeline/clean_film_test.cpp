// What is made of a phrase's video afterwards: a film for browsers, and single pictures.
#include "pipeline/clean_film.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <string>

#include "base/pending_file.h"
#include "pipeline/clip.h"
#include "pipeline/frame_picture.h"
#include "support/temp_dir.h"
#include "video/codec.h"
#include "video/reader.h"
#include "video/writer.h"

namespace piste::pipeline {
namespace {

constexpr int film_width = 96, film_height = 64;
// A frame is missing, and the camera slows down.
constexpr std::array<int, 6> numbers{0, 1, 3, 4, 5, 6};
constexpr std::array<double, 6> times{0, .033, .1, .133, .2, .301};

// Each frame has its own grey.
types::Image grey(std::size_t i) {
  return {film_width, film_height,
          types::Bytes(static_cast<std::size_t>(film_width) * film_height * 3,
                       static_cast<std::uint8_t>(40 * i + 20))};
}

int grey_of(const types::Image& image) {
  return image.bgr.at(image.bgr.size() / 2);
}

class CleanFilm : public testing::Test {
 protected:
  CleanFilm() {
    std::string frames, moments;
    auto writer = video::RebuiltVideoWriter::create(folder_ / "phrase.mkv", types::Encoding::jpeg, film_width,
                                                    film_height, 30)
                      .value();
    for (std::size_t i = 0; i < times.size(); ++i) {
      types::EncodedFrame frame;
      frame.width = film_width;
      frame.height = film_height;
      frame.bytes = std::make_shared<const types::Bytes>(video::encode_jpeg(grey(i), 90).value());
      EXPECT_TRUE(writer->write(frame, times.at(i)));
      frames += (i ? "," : "") + std::to_string(numbers.at(i));
      moments += (i ? "," : "") + std::to_string(times.at(i));
    }
    EXPECT_TRUE(writer->finish());
    std::ofstream(folder_ / "keypoints.json")
        << R"({"frames":[)" << frames << R"(],"times":[)" << moments << "]}";
  }
  types::Image picture(std::int64_t number, int width = 0) {
    types::EncodedFrame frame;
    frame.bytes = std::make_shared<const types::Bytes>(frame_picture(folder_.path(), number, width).value());
    const auto size = video::inspect(frame.encoding, *frame.bytes, film_width, film_height).value();
    frame.width = size.width;
    frame.height = size.height;
    return video::decode(frame).value();
  }
  static bool never() { return false; }

  const test::TempDir folder_;
};

TEST_F(CleanFilm, HasEachPictureAtItsTime) {
  ASSERT_TRUE(make_clean_film(folder_.path(), never));
  auto reader = video::Reader::open_file(folder_ / "clean.mp4").value();
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto frame = reader->next().value();
    ASSERT_TRUE(frame);
    EXPECT_NEAR(frame->time, times.at(i), .001);
    EXPECT_NEAR(grey_of(frame->image), 40 * static_cast<int>(i) + 20, 6);
  }
  EXPECT_FALSE(reader->next().value());
  const auto made = std::filesystem::last_write_time(folder_ / "clean.mp4");
  ASSERT_TRUE(make_clean_film(folder_.path(), never)) << "it is there";
  EXPECT_EQ(std::filesystem::last_write_time(folder_ / "clean.mp4"), made);
}

// Who tidies a phrase's folder meanwhile takes it for nothing that was left.
TEST_F(CleanFilm, IsSeenToBeInTheMaking) {
  int held = 0;
  const auto look = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      if (entry.path().extension() == ".part") held += base::PendingFile::is_held(entry.path());
    return false;
  };
  ASSERT_TRUE(make_clean_film(folder_.path(), look));
  EXPECT_GE(held, static_cast<int>(times.size()));
}

TEST_F(CleanFilm, WhatIsCancelledOrNoPicturesLeavesNothing) {
  EXPECT_FALSE(make_clean_film(folder_.path(), [] { return true; }));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "clean.mp4"));
  std::ofstream(folder_ / "phrase.mkv") << "no video";
  EXPECT_FALSE(make_clean_film(folder_.path(), never));
  const test::TempDir other;
  EXPECT_TRUE(make_clean_film(other.path(), never));
  EXPECT_TRUE(std::filesystem::is_empty(other.path()));
}

TEST_F(CleanFilm, EachFrameIsFoundByItsNumber) {
  for (std::size_t i = 0; i < times.size(); ++i)
    EXPECT_NEAR(grey_of(picture(numbers.at(i))), 40 * static_cast<int>(i) + 20, 6) << i;
  const auto narrow = picture(6, 48);
  EXPECT_EQ(narrow.width, 48);
  EXPECT_EQ(narrow.height, 32);
  EXPECT_EQ(picture(6, 4000).width, film_width) << "never wider than it is";
  for (const std::int64_t none : {2, 7, -1})
    EXPECT_EQ(frame_picture(folder_.path(), none, 0).error().code, ErrorCode::frame) << none;
}

// From a frame to a frame, and both are in it; slow, all lasts longer.
TEST_F(CleanFilm, APieceHasItsWholeFrames) {
  const auto made = make_clip(folder_.path(), {.first = 3, .last = 5, .speed = .5}, never);
  ASSERT_TRUE(made) << made.error().message;
  const auto file = folder_ / "piece.mp4";
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(made->data()), std::ssize(*made));
  auto reader = video::Reader::open_file(file).value();
  for (std::size_t i = 2; i < 5; ++i) {
    const auto frame = reader->next().value();
    ASSERT_TRUE(frame);
    EXPECT_NEAR(frame->time, (times.at(i) - times.at(2)) / .5, .002);
    EXPECT_NEAR(grey_of(frame->image), 40 * static_cast<int>(i) + 20, 6);
  }
  EXPECT_FALSE(reader->next().value());
  std::filesystem::remove(file);
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_EQ(entry.path().filename().string().find("clip"), std::string::npos) << "nothing is left of it";
}

TEST_F(CleanFilm, APieceOfWhatIsNotThereIsNone) {
  const auto why = [&](const Clip& clip) { return make_clip(folder_.path(), clip, never).error().code; };
  EXPECT_EQ(why({.first = 2, .last = 5}), ErrorCode::frame) << "that frame is missing";
  EXPECT_EQ(why({.first = 5, .last = 3}), ErrorCode::frame);
  EXPECT_EQ(why({.first = 0, .last = 6, .drawn = true}), ErrorCode::frame) << "nothing was drawn";
  EXPECT_EQ(make_clip(folder_.path(), {.first = 0, .last = 6}, [] { return true; }).error().code,
            ErrorCode::cancelled);
}

// A decoder begins with the key frame before, and not with the film's first.
TEST_F(CleanFilm, AFrameOfH264IsFoundToo) {
  ASSERT_TRUE(make_clean_film(folder_.path(), never));
  std::filesystem::remove(folder_ / "phrase.mkv");
  std::filesystem::rename(folder_ / "clean.mp4", folder_ / "phrase.mp4");
  for (const std::size_t i : {5u, 0u, 2u})
    EXPECT_NEAR(grey_of(picture(numbers.at(i))), 40 * static_cast<int>(i) + 20, 6) << i;
}

}  // namespace
}  // namespace piste::pipeline
