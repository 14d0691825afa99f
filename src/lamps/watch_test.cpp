// Lamps found in drawn pictures; the real clips where they are at hand.
#include "lamps/watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "video/reader.h"

namespace piste::lamps {
namespace {

using types::Side;

const cv::Scalar red(40, 40, 250), green(90, 250, 60), white(240, 240, 240), dark(30, 30, 34);

// A hall with a box; what is lit in it is told frame by frame.
struct Hall {
  int width = 640;
  int height = 360;
  double fps = 30;
  cv::Rect left{280, 100, 18, 14};
  cv::Rect right{330, 100, 18, 14};
  cv::Rect left_white{300, 100, 8, 14};

  types::Image image() const {
    return {width, height, types::Bytes(static_cast<std::size_t>(width * height * 3))};
  }
  cv::Mat picture(types::Image& image) const {
    cv::Mat picture(height, width, CV_8UC3, image.bgr.data());
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const auto grey =
            static_cast<std::uint8_t>(90 + 40 * std::sin(x * .09) * std::cos(y * .07) + (x * 7 + y * 13) % 5);
        picture.at<cv::Vec3b>(y, x) = {grey, grey, grey};
      }
    }
    cv::rectangle(picture, {270, 92, 90, 30}, dark, cv::FILLED);
    return picture;
  }
};

struct Watched {
  std::vector<types::SeenLamp> seen;
  boxes::Events events;
};

template <class Paint>
Watched watched(const Hall& hall, int frames, Paint paint, types::LampPlaces places = {}) {
  Watch watch({places, hall.fps});
  Watched out;
  for (int i = 0; i < frames; ++i) {
    types::Image image = hall.image();
    paint(i, hall.picture(image));
    watch.look({i, i / hall.fps, 1, std::move(image)}, out.events);
  }
  watch.finish(out.events);
  out.seen = watch.sightings();
  return out;
}

std::string text(const std::vector<types::SeenLamp>& seen) {
  std::string out;
  for (const auto& lamp : seen) {
    out += (out.empty() ? "" : " ") + std::string(to_string(lamp.side)) + (lamp.valid ? "" : "(white)") +
           "@" + std::to_string(lamp.frame);
  }
  return out;
}

void fill(cv::Mat picture, const cv::Rect& place, const cv::Scalar& colour) {
  cv::rectangle(picture, place, colour, cv::FILLED);
}

// What stood there is forgotten as fast whatever the camera's rate.
TEST(Watch, ALampOfASlowCameraComesOnAgainSomeSecondsAfterItWentOff) {
  Hall hall;
  hall.fps = 10;
  const auto out = watched(hall, 140, [&](int frame, const cv::Mat& picture) {
    const bool tested = frame >= 20 && frame < 45;
    fill(picture, hall.left, tested || (frame >= 110 && frame < 135) ? red : dark);
    fill(picture, hall.right, frame >= 112 && frame < 135 ? green : dark);
  });
  EXPECT_EQ(text(out.seen), "left@20 left@110 right@112");
}

TEST(Watch, BothLampsToTheFrame) {
  const Hall hall;
  const auto found = watched(hall, 70, [&](int i, cv::Mat picture) {
    if (i >= 30) fill(picture, hall.left, red);
    if (i >= 35) fill(picture, hall.right, green);
  });
  EXPECT_EQ(text(found.seen), "left@30 right@35");
  ASSERT_EQ(found.events.size(), 2u) << "the same as events";
  EXPECT_NEAR(found.events[0].moment.at, 1, 1e-9);
  EXPECT_NEAR(found.events[0].moment.error, 1 / 30.0, 1e-9);
  EXPECT_EQ(std::get<boxes::Lamp>(found.events[1].what).side, Side::right);
  EXPECT_NEAR(found.seen[0].area.x, 280, 6);
  EXPECT_NEAR(found.seen[0].area.y, 100, 6);
  EXPECT_NEAR(found.seen[0].area.width, 18, 10);
  EXPECT_GT(found.seen[0].sureness, .6);
}

TEST(Watch, EventsComeWithinHalfASecond) {
  const Hall hall;
  Watch watch({{}, hall.fps});
  boxes::Events events;
  int told = -1;
  for (int i = 0; i < 60 && told < 0; ++i) {
    types::Image image = hall.image();
    if (cv::Mat picture = hall.picture(image); i >= 25) fill(picture, hall.left, red);
    watch.look({i, i / hall.fps, 1, std::move(image)}, events);
    if (!events.empty()) told = i;
  }
  EXPECT_GT(told, 25);
  EXPECT_LE(told, 40);
}

TEST(Watch, AVideoThatEndsRightAfterTheHit) {
  const Hall hall;
  const auto found = watched(hall, 38, [&](int i, cv::Mat picture) {
    if (i >= 32) fill(picture, hall.right, green);
  });
  EXPECT_EQ(text(found.seen), "right@32");
}

TEST(Watch, APartlyExposedFrameCounts) {
  const Hall hall;
  const auto found = watched(hall, 70, [&](int i, cv::Mat picture) {
    if (i == 40) fill(picture, hall.left, dark * .5 + red * .5);
    if (i > 40) fill(picture, hall.left, red);
  });
  EXPECT_EQ(text(found.seen), "left@40");
}

TEST(Watch, ALampThatIsBlownOutIsItsHalosColour) {
  const Hall hall;
  const auto found = watched(hall, 70, [&](int i, cv::Mat picture) {
    if (i < 30) return;
    fill(picture, {hall.left.x - 4, hall.left.y - 4, hall.left.width + 8, hall.left.height + 8},
         {90, 90, 230});
    fill(picture, hall.left, {250, 250, 255});
  });
  EXPECT_EQ(text(found.seen), "left@30");
}

// Too faint to be a red place of its own.
TEST(Watch, ALampThatIsBlownOutIsItsLightsColour) {
  const Hall hall;
  const auto found = watched(hall, 70, [&](int i, cv::Mat picture) {
    if (i < 30) return;
    fill(picture, {hall.left.x - 4, hall.left.y - 4, hall.left.width + 8, hall.left.height + 8},
         dark + cv::Scalar(10, 10, 24));
    fill(picture, hall.left, {250, 250, 255});
  });
  EXPECT_EQ(text(found.seen), "left@30");
}

TEST(Watch, WhereNoLampIsWhiteABlownOutOneIsTheOtherOfItsBox) {
  const Hall hall;
  types::LampPlaces sabre;
  sabre.white = false;
  const auto paint = [&](int first, int second) {
    return [&, first, second](int i, cv::Mat picture) {
      if (i >= first) fill(picture, hall.left, {255, 255, 255});
      if (i >= second) fill(picture, hall.right, green);
    };
  };
  EXPECT_EQ(text(watched(hall, 70, paint(33, 30), sabre).seen), "right@30 left@33");
  EXPECT_EQ(text(watched(hall, 70, paint(30, 33), sabre).seen), "left@30 right@33");
  EXPECT_EQ(text(watched(hall, 120, paint(90, 30), sabre).seen), "right@30") << "not of the same hit";
  EXPECT_EQ(text(watched(hall, 70, paint(30, 999), sabre).seen), "") << "nothing tells whose it is";
  sabre.box = types::Area{270, 92, 90, 30};
  EXPECT_EQ(text(watched(hall, 70, paint(30, 999), sabre).seen), "left@30");
}

TEST(Watch, ALampIsFoundBesideDigitsThatTheOtherLampsLightPales) {
  const Hall hall;
  const auto found = watched(hall, 70, [&](int i, cv::Mat picture) {
    const cv::Rect digits{300, 100, 26, 14};
    fill(picture, digits, {40, 40, 220});
    if (i >= 30) fill(picture, hall.left, red);
    if (i < 34) return;
    fill(picture, digits, {60, 200, 225});
    fill(picture, hall.right, green);
  });
  EXPECT_EQ(text(found.seen), "left@30 right@34");
}

TEST(Watch, AWhiteLampIsOffTargetOfTheSideBesideIt) {
  const Hall hall;
  const auto found = watched(hall, 70, [&](int i, cv::Mat picture) {
    if (i >= 33) fill(picture, hall.left_white, white);
    if (i >= 30) fill(picture, hall.right, green);
  });
  EXPECT_EQ(text(found.seen), "right@30 left(white)@33");
}

TEST(Watch, AWhiteLampThatIsFirstWaitsForTheOther) {
  const Hall hall;
  const auto found = watched(hall, 80, [&](int i, cv::Mat picture) {
    if (i >= 30) fill(picture, hall.left_white, white);
    if (i >= 36) fill(picture, hall.right, green);
  });
  EXPECT_EQ(text(found.seen), "left(white)@30 right@36");
}

TEST(Watch, InAMarkedBoxAWhiteLampIsThatOfItsHalf) {
  const Hall hall;
  types::LampPlaces places;
  places.box = types::Area{270, 92, 90, 30};
  const auto paint = [&](int i, cv::Mat picture) {
    if (i >= 30) fill(picture, hall.left_white, white);
    if (i >= 20) fill(picture, {100, 200, 20, 14}, red);  // elsewhere
  };
  EXPECT_EQ(text(watched(hall, 70, paint, places).seen), "left(white)@30");
}

TEST(Watch, LampsThatAreMarkedEachNeedNoColour) {
  const Hall hall;
  types::LampPlaces places;
  places.own =
      types::PerSide<types::Area>{{330, 100, 18, 14}, {280, 100, 18, 14}};  // a camera on the other side
  const auto found = watched(
      hall, 70,
      [&](int i, cv::Mat picture) {
        if (i >= 30) fill(picture, hall.left, red);
      },
      places);
  EXPECT_EQ(text(found.seen), "right@30");
}

TEST(Watch, NothingThatMoves) {
  const Hall hall;
  const auto found = watched(hall, 150, [&](int i, cv::Mat picture) {
    const int x = i < 60    ? i * 5
                  : i < 110 ? 300
                            : i * 5 - 250;  // a red jacket that walks, stands and walks on
    fill(picture, {x, 180, 40, 70}, {50, 45, 190});
    fill(picture, {600 - i * 3, 60, 25, 60}, {40, 180, 40});
    fill(picture, {40, 40, 30, 12}, green);  // an exit sign
  });
  EXPECT_EQ(text(found.seen), "");
  EXPECT_TRUE(found.events.empty());
}

TEST(Watch, NothingThatAPersonUncovers) {
  const Hall hall;
  const auto found = watched(hall, 150, [&](int i, cv::Mat picture) {
    fill(picture, {300, 150, 16, 10}, red);                     // a sign, ...
    fill(picture, {i * 12 - 500, 120, 60, 100}, {70, 60, 60});  // ... before which somebody passes fast
  });
  EXPECT_EQ(text(found.seen), "");
}

TEST(Watch, NeitherAFlashNorTheHallsLight) {
  const Hall hall;
  const auto found = watched(hall, 120, [&](int i, cv::Mat picture) {
    if (i == 40 || i == 41) fill(picture, hall.left, white);
    if (i == 60) fill(picture, hall.right, green);
    if (i >= 80) picture.convertTo(picture, -1, 1.3, 10);
  });
  EXPECT_EQ(text(found.seen), "");
}

TEST(Watch, NeitherDigitsThatCount) {
  const Hall hall;
  const auto found = watched(hall, 240, [&](int i, cv::Mat picture) {
    cv::putText(picture, std::to_string(99 - i / 30), {300, 116}, cv::FONT_HERSHEY_SIMPLEX, .5, red, 2);
  });
  EXPECT_EQ(text(found.seen), "");
}

// The hall seen by a camera that pans: a piece of a picture that is wider.
TEST(Watch, LampsWhileTheCameraPans) {
  const Hall hall{.width = 900};
  const Hall seen;
  Watch watch({{}, 30});
  boxes::Events events;
  for (int i = 0; i < 70; ++i) {
    types::Image whole = hall.image();
    cv::Mat picture = hall.picture(whole);
    if (i >= 30) fill(picture, hall.left, red);
    if (i >= 34) fill(picture, hall.right, green);
    types::Image part = seen.image();
    cv::Mat out(seen.height, seen.width, CV_8UC3, part.bgr.data());
    picture({200 - 2 * i, 0, seen.width, seen.height}).copyTo(out);
    watch.look({i, i / 30.0, 1, std::move(part)}, events);
  }
  watch.finish(events);
  EXPECT_EQ(text(watch.sightings()), "left@30 right@34");
}

TEST(Watch, TheNextPistesBoxIsNotOurs) {
  const Hall hall;
  Watch watch({{}, hall.fps});
  boxes::Events events;
  for (int i = 0; i < 120; ++i) {
    types::Image image = hall.image();
    cv::Mat picture = hall.picture(image);
    if (i >= 30) fill(picture, {500, 60, 8, 6}, green);
    if (i >= 60) fill(picture, hall.left, red);
    if (i >= 62) fill(picture, hall.right, green);
    watch.look({i, i / hall.fps, 1, std::move(image)}, events);
  }
  watch.finish(events);
  EXPECT_EQ(text(watch.sightings()), "left@60 right@62");
  EXPECT_EQ(watch.elsewhere(), 1u);
}

TEST(Watch, ALargerBoxIsNoPartOfTheFirst) {
  const Hall hall;
  const auto found = watched(hall, 120, [&](int i, cv::Mat picture) {
    if (i >= 30) fill(picture, {450, 102, 12, 10}, red);
    if (i >= 31) fill(picture, {480, 102, 12, 10}, green);
    if (i >= 60) fill(picture, hall.left, red);
    if (i >= 62) fill(picture, hall.right, green);
  });
  EXPECT_EQ(text(found.seen), "left@60 right@62");
}

TEST(Watch, OneLampOutshinesASmallerBoxesTwo) {
  const Hall hall;
  const auto found = watched(hall, 120, [&](int i, cv::Mat picture) {
    if (i >= 30) fill(picture, {500, 60, 14, 11}, red);
    if (i >= 31) fill(picture, {530, 60, 14, 11}, green);
    if (i >= 60) fill(picture, hall.left, red);
  });
  EXPECT_EQ(text(found.seen), "left@60");
}

TEST(Watch, GlassMayBeColouredWhileItIsDark) {
  const Hall hall;
  const auto found = watched(hall, 120, [&](int i, cv::Mat picture) {
    fill(picture, hall.left, i < 80 ? cv::Scalar(50, 50, 190) : red);
  });
  EXPECT_EQ(text(found.seen), "left@80");
}

TEST(Watch, TheOtherLampOfABoxMayBeFaint) {
  const Hall hall;
  const auto found = watched(hall, 70, [&](int i, cv::Mat picture) {
    if (i >= 30) fill(picture, hall.left, red);
    if (i >= 33) fill(picture, hall.right, {40, 75, 40});
  });
  EXPECT_EQ(text(found.seen), "left@30 right@33");
}

TEST(Watch, PicturesOfAnotherSizeAndTooFewAreNoFailure) {
  boxes::Events events;
  Watch watch({{}, 30});
  watch.finish(events);
  const Hall small{.width = 64, .height = 48}, large;
  for (int i = 0; i < 40; ++i) {
    const Hall& hall = i % 7 == 0 ? small : large;
    types::Image image = hall.image();
    watch.look({i, i / 30.0, 1, std::move(image)}, events);
  }
  watch.look({40, 2, 1, {1, 1, types::Bytes(3)}}, events);
  watch.finish(events);
  EXPECT_TRUE(events.empty());
  for (const double fps : {0.0, -1.0, std::nan(""), 1e9}) Watch({{}, fps}).finish(events);
}

TEST(Watch, TheEndMayBeToldTwice) {
  const Hall hall;
  Watch watch({{}, hall.fps});
  boxes::Events events;
  for (int i = 0; i < 40; ++i) {
    types::Image image = hall.image();
    if (cv::Mat picture = hall.picture(image); i >= 30) fill(picture, hall.left, red);
    watch.look({i, i / hall.fps, 1, std::move(image)}, events);
  }
  EXPECT_TRUE(events.empty());
  watch.finish(events);
  watch.finish(events);
  EXPECT_EQ(events.size(), 1u);
  EXPECT_EQ(text(watch.sightings()), "left@30");
}

TEST(Watch, TheRealPhrase) {
  const std::filesystem::path clip = PISTE_SOURCE_DIR "/../shared/data/clips/clip_a.mp4";
  if (!std::filesystem::exists(clip)) GTEST_SKIP() << "there is no " << clip;
  auto reader = video::Reader::open_file(clip);
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  Watch watch({{}, (*reader)->info().fps});
  boxes::Events events;
  for (auto next = (*reader)->next(); next && *next; next = (*reader)->next()) watch.look(**next, events);
  watch.finish(events);
  const auto seen = watch.sightings();
  ASSERT_EQ(seen.size(), 2u) << text(seen);
  EXPECT_EQ(seen[0].side, Side::left);
  EXPECT_NEAR(static_cast<double>(seen[0].frame), 41, 1) << "within its exposure";
  EXPECT_EQ(seen[1].side, Side::right);
  EXPECT_NEAR(static_cast<double>(seen[1].frame), 42, 1);
}

}  // namespace
}  // namespace piste::lamps
