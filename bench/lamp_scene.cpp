#include "lamp_scene.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "pose_clip.h"
#include "render/motion.h"
#include "video/codec.h"
#include "video/frame_decoder.h"
#include "video/unit_encoder.h"

namespace piste::bench {
namespace {

using types::Side;

constexpr double seen_part = 1.0 / 3;  // of the exposure
constexpr const char* motions[] = {"attack-falls-short", "attack-from-left", "attack-from-right",
                                   "both-attack",        "no-hit",           "parry-riposte"};

cv::Mat view_of(types::Image& image) {
  return {image.height, image.width, CV_8UC3, image.bgr.data()};
}

cv::Rect inside(cv::Rect place, const cv::Mat& picture) {
  return place & cv::Rect(0, 0, picture.cols, picture.rows);
}

}  // namespace

// A person in red or green, there and back.
struct LampScene::Walker {
  cv::Scalar jacket;
  double from = 0;
  double to = 0;
  double foot = 0;   // y
  double tall = 0;   // px
  double start = 0;  // s
  double pause = 0;  // s in the middle of the way
  double speed = 0;  // px/s
  bool behind = true;

  double at(double time) const {
    const double way = std::abs(to - from), there = way / speed;
    double t = std::fmod(std::max(0.0, time - start), 2 * (there + pause));
    const bool returns = t > there + pause;
    if (returns) t -= there + pause;
    const double half = there / 2;
    const double walked = t < half ? t : t < half + pause ? half : t - pause;
    const double part = std::min(1.0, walked / there);
    return returns ? to + (from - to) * part : from + (to - from) * part;
  }
};

// What a lamp adds to the picture when it is on.
struct LampScene::Light {
  cv::Rect place;   // of the glass
  cv::Scalar dark;  // the glass when it is off
  cv::Rect reach;   // of its glow
  cv::Mat added;    // CV_16SC3, of the size of reach
};

struct LampScene::Coder {
  int quality = 0;  // of JPEG; 0: H.264
  std::unique_ptr<video::UnitEncoder> encoder;
  video::FrameDecoder decoder{1};
};

LampScene::~LampScene() = default;

double LampScene::some(double low, double high) {
  state_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t value = state_;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
  value ^= value >> 31U;
  return low + (high - low) * static_cast<double>(value >> 11U) / 9007199254740992.0;
}

bool LampScene::chance(double part) {
  return some(0, 1) < part;
}

LampScene::LampScene(std::uint64_t seed, Touches touches, double seconds) : state_(seed), seconds_(seconds) {
  choose_camera();
  auto scene = must(render::load_motion(std::string(PISTE_SOURCE_DIR "/samples/") +
                                        motions[static_cast<std::size_t>(some(0, 5.999))] + ".json"));
  scene.phrase.touches.clear();
  renderer_ = std::make_unique<render::Renderer>(
      std::move(scene), render::RenderOptions{.width = width_, .height = height_, .fps = fps_, .seed = seed});
  choose_box(touches);
  choose_lookalikes();
  coder_ = std::make_unique<Coder>();
  if (chance(.5)) {
    coder_->quality = static_cast<int>(some(35, 95));
    description_ += ", JPEG " + std::to_string(coder_->quality);
  } else {
    const double bits = some(.03, .15);
    coder_->encoder = must(
        video::UnitEncoder::create(width_, height_, {fps_, std::llround(bits * width_ * height_ * fps_)}));
    description_ += ", H.264 " + std::to_string(bits).substr(0, 4) + " bit/px";
  }
}

void LampScene::choose_camera() {
  const double size = some(0, 1);
  if (size < .3) {
    width_ = 640;
    height_ = 360;
  } else if (size > .9) {
    width_ = 1920;
    height_ = 1080;
  }
  constexpr double rates[] = {30, 30, 25, 60, 15};
  fps_ = rates[static_cast<std::size_t>(some(0, 4.999))];
  exposure_ = std::min(some(.002, .02), .8 / fps_);
  gain_ = some(.5, 1.5);
  blur_ = chance(.5) ? some(0, 1.6) * height_ / 720 : 0;
  if (chance(.25)) jitter_ = some(.3, 1.5) * height_ / 720;
  if (chance(.15)) pan_ = some(-90, 90) * height_ / 720;
  if (chance(.2)) flicker_ = some(.01, .04);
  if (chance(.2)) flashes_.push_back(some(.2, seconds_));
  description_ = std::to_string(width_) + "x" + std::to_string(height_) + " " +
                 std::to_string(static_cast<int>(fps_)) + "/s, gain " + std::to_string(gain_).substr(0, 3);
  if (jitter_ > 0) description_ += ", in hand";
  if (pan_ != 0) description_ += ", pan";
}

LampScene::Light LampScene::light(cv::Rect2d place, bool red, bool white) const {
  auto* self = const_cast<LampScene*>(this);
  Light light;
  light.place = cv::Rect(static_cast<int>(place.x), static_cast<int>(place.y),
                         std::max(2, static_cast<int>(std::lround(place.width))),
                         std::max(2, static_cast<int>(std::lround(place.height))));
  const double power = self->some(.65, 1.3);
  const double wash = graphic_                ? 0
                      : self->some(0, 1) < .3 ? self->some(80, 200)
                                              : self->some(10, 80);  // blown out
  const cv::Scalar hue = white ? cv::Scalar(235, 235, 235)
                         : red ? cv::Scalar(wash * .8, wash, 255)
                               : cv::Scalar(std::max(wash, self->some(20, 150)), 255, wash * .8);
  light.dark = white ? cv::Scalar(90, 90, 90) : red ? cv::Scalar(26, 24, 70) : cv::Scalar(26, 62, 24);
  if (graphic_) light.dark = cv::Scalar(40, 40, 40);
  const int halo =
      graphic_ ? 0 : static_cast<int>(std::lround(self->some(.2, 1.0) * std::max(place.width, place.height)));
  light.reach = cv::Rect(light.place.x - halo, light.place.y - halo, light.place.width + 2 * halo,
                         light.place.height + 2 * halo);
  cv::Mat glow(light.reach.size(), CV_32FC3, cv::Scalar::all(0));
  cv::rectangle(glow, cv::Rect(halo, halo, light.place.width, light.place.height), hue * power, cv::FILLED);
  cv::Mat halo_light = glow.clone();
  if (halo > 0) cv::GaussianBlur(glow, halo_light, {}, halo * .5);
  glow = glow + .45 * halo_light;
  const cv::Rect glass(halo, halo, light.place.width, light.place.height);
  cv::subtract(glow(glass), light.dark, glow(glass));
  glow.convertTo(light.added, CV_16SC3);
  return light;
}

void LampScene::choose_box(Touches touches) {
  graphic_ = chance(.15);
  const double scale = height_ / 720.0;
  const int high = std::max(
      10, static_cast<int>(std::exp(some(std::log(10.0), std::log(120.0))) * (scale > 1 ? scale : 1)));
  const int wide = static_cast<int>(high * some(1.6, 3.2));
  const double room = height_ * .96 - high;
  box_ = cv::Rect(static_cast<int>(some(.08 * width_, .92 * width_ - wide)),
                  static_cast<int>(some(.03 * height_, room)), wide, high);
  clock_ = chance(.6);
  digits_ = chance(.5) ? cv::Scalar(40, 40, 255) : cv::Scalar(60, 230, 60);
  description_ += ", box " + std::to_string(high) + " px" + (graphic_ ? " in graphics" : "");

  const double lamp_wide = wide * some(.2, .28), lamp_high = high * some(.4, .85);
  const double y = box_.y + (high - lamp_high) * some(.2, .8);
  const double inset = wide * .05;
  const cv::Rect2d left(box_.x + inset, y, lamp_wide, lamp_high);
  const cv::Rect2d right(box_.x + wide - inset - lamp_wide, y, lamp_wide, lamp_high);
  const auto white_of = [&](const cv::Rect2d& lamp, bool is_left) {
    const double w = lamp.width * .5;
    return cv::Rect2d(is_left ? lamp.x + lamp.width + 1 : lamp.x - w - 1, lamp.y, w, lamp.height);
  };
  if (touches == Touches::yes) {
    const double first = some(1.1, std::max(1.2, seconds_ - (chance(.15) ? .32 : 1)));
    const double other = first + some(0, .25);
    const double stays = some(1, 4);
    const double pattern = some(0, 1);
    const bool left_first = chance(.5);
    const auto add = [&](Side side, boxes::LampState state, double on) {
      if (on > seconds_ - .3) on = first;
      lamps_.push_back({side, state, on, on + stays});
      const auto& glass = side == Side::left ? left : right;
      const bool white = state == boxes::LampState::off_target;
      lights_.push_back(
          light(white ? white_of(glass, side == Side::left) : glass, side == Side::left, white));
    };
    const Side one = left_first ? Side::left : Side::right;
    add(one, boxes::LampState::valid, first);
    if (pattern < .6) add(types::opposite(one), boxes::LampState::valid, other);
    if (pattern > .8) {
      add(types::opposite(one), boxes::LampState::off_target, other);
      description_ += ", off target";
    }
  }
  if (touches == Touches::yes && chance(.35)) {  // the next piste's
    const double part = some(.4, .65);
    const int w = std::max(8, static_cast<int>(wide * part)), h = std::max(5, static_cast<int>(high * part));
    second_ = cv::Rect(static_cast<int>(some(.05 * width_, .9 * width_ - w)),
                       static_cast<int>(some(.05, .5) * height_), w, h);
    if ((grow(second_, 20) & box_).area() == 0) {
      const double on = lamps_.front().on - some(.75, .95);
      for (const Side side : types::both_sides) {
        second_lamps_.push_back({side, boxes::LampState::valid, on, on + 3});
        const double x = side == Side::left ? second_.x + 1 : second_.x + w - 1 - w * .3;
        second_lights_.push_back(light({x, second_.y + h * .2, w * .3, h * .6}, side == Side::left, false));
      }
      description_ += ", second box";
    } else {
      second_ = {};
    }
  }
}

cv::Rect LampScene::grow(const cv::Rect& place, int by) {
  return {place.x - by, place.y - by, place.width + 2 * by, place.height + 2 * by};
}

void LampScene::choose_lookalikes() {
  const double scale = height_ / 720.0;
  const int people = static_cast<int>(some(0, 3.5));
  for (int i = 0; i < people; ++i) {
    Walker walker;
    walker.jacket = chance(.65) ? cv::Scalar(some(20, 60), some(20, 60), some(140, 230))
                                : cv::Scalar(some(30, 80), some(120, 200), some(20, 60));
    walker.from = some(-.2, .6) * width_;
    walker.to = some(.4, 1.2) * width_;
    walker.tall = some(60, 320) * scale;
    walker.foot = some(.55, .8) * height_;
    walker.start = -some(0, 10);
    walker.pause = chance(.6) ? some(.5, 3) : 0;
    walker.speed = some(30, 260) * scale;
    walker.behind = true;
    walkers_.push_back(walker);
  }
  const int count = static_cast<int>(some(0, 4.5));
  for (int i = 0; i < count; ++i) {
    const bool small = chance(.5);
    const int w = static_cast<int>((small ? some(10, 40) : some(60, 250)) * scale);
    const int h = static_cast<int>((small ? some(6, 22) : some(25, 80)) * scale);
    const cv::Scalar colour =
        chance(.5) ? cv::Scalar(30, 30, some(150, 255)) : cv::Scalar(60, some(150, 255), 40);
    signs_.push_back(
        {cv::Rect(static_cast<int>(some(0, .95) * width_), static_cast<int>(some(0, .55) * height_), w, h),
         colour, !small && chance(.4) ? some(1, 5) : 0});
  }
  if (people > 0) description_ += ", " + std::to_string(people) + " in jackets";
  if (count > 0) description_ += ", " + std::to_string(count) + " signs";
}

int LampScene::frames() const {
  return static_cast<int>(seconds_ * fps_);
}

types::Area LampScene::box() const {
  return {static_cast<double>(box_.x), static_cast<double>(box_.y), static_cast<double>(box_.width),
          static_cast<double>(box_.height)};
}

// The part of the exposure of the frame at this time for which the lamp is on.
double LampScene::lit(const TrueLamp& lamp, double time) const {
  const double from = std::max(time, lamp.on), to = std::min(time + exposure_, lamp.off);
  return std::clamp((to - from) / exposure_, 0.0, 1.0);
}

int LampScene::onset(const TrueLamp& lamp) const {
  int frame = 0;
  while (frame < frames() && lit(lamp, frame / fps_) <= seen_part) ++frame;
  return frame;
}

void LampScene::draw_walkers(cv::Mat& picture, double time, bool behind) const {
  for (const Walker& walker : walkers_) {
    if (walker.behind != behind) continue;
    const double x = walker.at(time), tall = walker.tall;
    const double swing = std::sin(time * 7 + walker.from);
    const auto at = [](double px, double py) {
      return cv::Point(static_cast<int>(px * 16), static_cast<int>(py * 16));
    };
    const auto limb = [&](double x1, double y1, double x2, double y2, double thick, const cv::Scalar& ink) {
      cv::line(picture, at(x1, y1), at(x2, y2), ink, std::max(1, static_cast<int>(thick)), cv::LINE_AA, 4);
    };
    const double hip = walker.foot - .48 * tall, neck = walker.foot - .84 * tall;
    const cv::Scalar trousers(60, 50, 45);
    limb(x, hip, x + .14 * tall * swing, walker.foot, .1 * tall, trousers);
    limb(x, hip, x - .14 * tall * swing, walker.foot, .1 * tall, trousers);
    limb(x, hip, x, neck, .2 * tall, walker.jacket);
    limb(x, neck, x + .16 * tall * swing, hip - .02 * tall, .07 * tall, walker.jacket * .9);
    limb(x, neck, x - .16 * tall * swing, hip - .02 * tall, .07 * tall, walker.jacket * .85);
    cv::circle(picture, at(x, walker.foot - .92 * tall), static_cast<int>(.07 * tall * 16), {120, 150, 200},
               cv::FILLED, cv::LINE_AA, 4);
  }
}

void LampScene::draw_lookalikes(cv::Mat& picture, double time) const {
  for (const Sign& sign : signs_) {
    cv::Rect place = sign.place;
    place.x += static_cast<int>(std::lround(sign.sway * std::sin(time * 2.1)));
    cv::rectangle(picture, place, sign.colour, cv::FILLED);
    for (int x = place.x + place.height / 4; x + place.height / 4 < place.x + place.width;
         x += std::max(4, place.height / 2)) {
      const int foot = place.y + place.height * 3 / 4;
      cv::line(picture, {x, foot}, {x + place.height / 5, place.y + place.height / 4}, {225, 225, 225},
               std::max(1, place.height / 12), cv::LINE_AA);
    }
  }
}

void LampScene::draw_box(cv::Mat& picture, double time) const {
  if (box_.area() == 0) return;
  cv::rectangle(picture, box_, graphic_ ? cv::Scalar(70, 40, 20) : cv::Scalar(32, 32, 34), cv::FILLED);
  if (clock_ && box_.height >= 12) {
    const int left = std::max(0, 180 - static_cast<int>(time));
    const std::string text =
        std::to_string(left / 60) + (left % 60 < 10 ? ":0" : ":") + std::to_string(left % 60);
    const double size = box_.height * .011;
    cv::putText(picture, text, {box_.x + box_.width / 2 - box_.width / 9, box_.y + box_.height * 3 / 5},
                cv::FONT_HERSHEY_SIMPLEX, size, digits_, std::max(1, box_.height / 24), cv::LINE_AA);
  }
  const auto shine = [&](const Light& light, double part) {
    cv::rectangle(picture, inside(light.place, picture), light.dark, cv::FILLED);
    const cv::Rect reach = inside(light.reach, picture);
    if (part <= 0 || reach.area() == 0) return;
    cv::Mat sum;
    const cv::Rect of(reach.x - light.reach.x, reach.y - light.reach.y, reach.width, reach.height);
    cv::Mat scaled = light.added(of) * part;
    cv::add(picture(reach), scaled, sum, cv::noArray(), CV_16SC3);
    sum.convertTo(picture(reach), CV_8UC3);
  };
  for (std::size_t i = 0; i < lamps_.size(); ++i) shine(lights_[i], lit(lamps_[i], time));
}

void LampScene::draw_second_box(cv::Mat& picture, double time) const {
  if (second_.area() == 0) return;
  cv::rectangle(picture, second_, {40, 40, 42}, cv::FILLED);
  for (std::size_t i = 0; i < second_lamps_.size(); ++i) {
    const Light& light = second_lights_[i];
    const double part = lit(second_lamps_[i], time);
    cv::rectangle(picture, inside(light.place, picture), light.dark, cv::FILLED);
    const cv::Rect reach = inside(light.reach, picture);
    if (part <= 0 || reach.area() == 0) continue;
    cv::Mat sum;
    const cv::Rect of(reach.x - light.reach.x, reach.y - light.reach.y, reach.width, reach.height);
    cv::add(picture(reach), cv::Mat(light.added(of) * part), sum, cv::noArray(), CV_16SC3);
    sum.convertTo(picture(reach), CV_8UC3);
  }
}

// Camera and exposure.
void LampScene::develop(cv::Mat& picture, int frame) const {
  const double time = frame / fps_;
  double light = gain_ * (1 + flicker_ * std::sin(time * 61));
  for (const double flash : flashes_) {
    if (std::abs(time - flash) < .6 / fps_) light *= 1.5;
  }
  if (std::abs(light - 1) > .001) picture.convertTo(picture, -1, light, 0);
  if (blur_ > .2) cv::GaussianBlur(picture, picture, {}, blur_);
}

types::Image LampScene::draw(int frame) const {
  const double time = frame / fps_;
  const int known = renderer_->frames();
  const int turn = frame % std::max(1, 2 * known - 2);
  types::Image image = renderer_->frame(turn < known ? turn : 2 * known - 2 - turn);  // there and back
  cv::Mat picture = view_of(image);
  draw_lookalikes(picture, time);
  draw_second_box(picture, time);
  draw_walkers(picture, time, true);
  if (!graphic_) draw_box(picture, time);
  const double dx =
      pan_ * (time - seconds_ / 2) + jitter_ * (std::sin(time * 5.3) + std::sin(time * 11.7 + 1));
  const double dy = jitter_ * (std::sin(time * 6.1 + 2) + .7 * std::sin(time * 13.1));
  if (jitter_ > 0 || pan_ != 0) {
    const cv::Mat shift = (cv::Mat_<double>(2, 3) << 1, 0, dx, 0, 1, dy);
    cv::Mat moved;
    cv::warpAffine(picture, moved, shift, picture.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    moved.copyTo(picture);
  }
  if (graphic_) draw_box(picture, time);
  develop(picture, frame);
  return image;
}

types::Image LampScene::next() {
  const int frame = next_++;
  const types::Image image = draw(frame);
  types::EncodedFrame coded;
  coded.number = frame;
  coded.width = image.width;
  coded.height = image.height;
  types::Bytes bytes;
  if (coder_->encoder) {
    auto unit = must(coder_->encoder->encode(image, frame / fps_, false));
    coded.encoding = types::Encoding::h264;
    coded.key = unit.key;
    bytes = std::move(unit.bytes);
  } else {
    bytes = must(video::encode_jpeg(image, coder_->quality));
  }
  coded.bytes = std::make_shared<const types::Bytes>(std::move(bytes));
  return must(coder_->decoder.decode(coded));
}

}  // namespace piste::bench
