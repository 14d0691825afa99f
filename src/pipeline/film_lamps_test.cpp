// Lamps that are looked for ahead of who asks.
#include "pipeline/film_lamps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "support/temp_dir.h"
#include "video/writer.h"

namespace piste::pipeline {
namespace {

constexpr int film_width = 320, film_height = 240;
constexpr double film_fps = 10;

class FilmLampsTest : public testing::Test {
 protected:
  // A box whose left lamp is on for two seconds from each of these pictures on.
  void draw(int pictures, const std::vector<int>& onsets) {
    auto writer = video::H264Writer::create(film, film_width, film_height, film_fps);
    ASSERT_TRUE(writer.ok());
    for (int i = 0; i < pictures; ++i) {
      types::Image image{film_width, film_height,
                         types::Bytes(std::size_t{3} * film_width * film_height, std::uint8_t{60})};
      const bool on = std::ranges::any_of(onsets, [&](int onset) { return i >= onset && i < onset + 20; });
      for (int y = 100; on && y < 120; ++y) {
        for (int x = 150; x < 170; ++x)
          image.bgr[static_cast<std::size_t>(3 * (y * film_width + x) + 2)] = 250;
      }
      ASSERT_TRUE((*writer)->write(image, i / film_fps).ok());
    }
    ASSERT_TRUE((*writer)->finish().ok());
  }
  Result<std::unique_ptr<FilmLamps>> lamps() const {
    return FilmLamps::open(film, *types::lamp_places_in("140,90,60,40"));
  }

  const test::TempDir folder;
  const std::filesystem::path film = folder / "film.mp4";
};

TEST_F(FilmLampsTest, TellsEachOnceAndHowFarItKnowsOfThem) {
  draw(120, {20, 90});
  auto found = lamps();
  ASSERT_TRUE(found.ok());
  std::vector<double> times;
  double until = 0;
  for (;;) {
    const auto heard = (*found)->next();
    ASSERT_TRUE(heard.ok());
    if (!*heard) break;
    EXPECT_GT((*heard)->until, until);
    for (const auto& event : (*heard)->events) {
      EXPECT_GT(event.moment.at, until) << "what was before was told";
      times.push_back(event.moment.at);
    }
    until = (*heard)->until;
  }
  EXPECT_EQ(until, std::numeric_limits<double>::infinity());
  ASSERT_EQ(times.size(), 2u);
  EXPECT_NEAR(times[0], 2, .05);
  EXPECT_NEAR(times[1], 9, .05);
  EXPECT_FALSE(*(*found)->next()) << "that was all";
}

TEST_F(FilmLampsTest, WhoWantsNoMoreNeedNotWaitForTheRest) {
  draw(120, {20});
  auto found = lamps();
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE((*found)->next().ok());
}

TEST_F(FilmLampsTest, WhatIsNoFilmIsSaid) {
  EXPECT_EQ(lamps().error().code, ErrorCode::video);
}

}  // namespace
}  // namespace piste::pipeline
