#include "render/renderer.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace piste::render {
namespace {

constexpr double longest_exposure = .012;  // s: a sports hall's light does not need more
constexpr double blur_step = 2.5;          // px a joint may move from one moment of the blur to the next
constexpr int most_moments = 8;
constexpr int blades_per_moment = 3;
constexpr int noise_margin = 64;  // px by which the noise is larger than the frame

std::uint64_t scrambled(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31U);
}

// Sensor noise as signed bytes: grey, with a little colour in it, and neighbours alike as after a camera's
// own filter.
types::Image make_noise(int width, int height, double strength, std::uint64_t seed) {
  types::Image noise{width, height, {}};
  noise.bgr.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  std::minstd_rand random(static_cast<unsigned>(scrambled(seed) | 1U));
  const auto some = [&random] {  // sum of three: near enough to a normal distribution; variance 1
    return (static_cast<double>(random() % 2048 + random() % 2048 + random() % 2048) - 3070.5) / 1024;
  };
  double previous = 0;
  for (std::size_t i = 0; i < noise.bgr.size(); i += 3) {
    const double grey = .45 * previous + .8 * some();
    previous = grey;
    const double tint = .5 * some();
    const std::array<double, 3> values{grey + tint, grey, grey - tint};
    for (std::size_t c = 0; c < 3; ++c) {
      const double value = std::clamp(std::round(values[c] * strength), -127.0, 127.0);
      noise.bgr[i + c] = static_cast<std::uint8_t>(static_cast<std::int8_t>(value));
    }
  }
  return noise;
}

Area reach(const std::vector<Outline>& moments, float body, int width, int height) {
  Vec low{1e6F, 1e6F};
  Vec high{-1e6F, -1e6F};
  const auto take = [&](Vec p, float margin) {
    low = {std::min(low.x, p.x - margin), std::min(low.y, p.y - margin)};
    high = {std::max(high.x, p.x + margin), std::max(high.y, p.y + margin)};
  };
  for (const Outline& outline : moments) {
    for (const Vec& point : outline.joints) take(point, .33F * body);
    take(outline.tip, .05F * body);
  }
  const auto pixel = [](float value, int limit) {
    return static_cast<int>(std::clamp(value, 0.F, static_cast<float>(limit)));
  };
  const Area area{pixel(low.x, width), pixel(low.y, height), pixel(high.x, width), pixel(high.y, height)};
  return {area.left, area.top, std::max(area.left, area.right), std::max(area.top, area.bottom)};
}

Vec seen(const types::View& view, Vec point) {
  const types::Keypoint moved = types::moved(view, {point.x, point.y, 1});
  return {moved.x, moved.y};
}

// The same scene with more of it around.
View widened(View view, int margin) {
  view.width += 2 * margin;
  view.height += 2 * margin;
  view.origin = {view.origin.x + margin, view.origin.y + margin};
  view.floor = {view.floor.x + margin, view.floor.y + margin};
  return view;
}

double furthest(const Outline& a, const Outline& b) {
  float result = 0;
  for (std::size_t j = 0; j < a.joints.size(); ++j)
    result = std::max(result, length(a.joints[j] - b.joints[j]));
  return result;
}

}  // namespace

Result<base::Done> check(const RenderOptions& options) {
  const auto wrong = [](std::string message) { return Error{ErrorCode::options, std::move(message)}; };
  if (options.width < 160 || options.width > 7680) return wrong("width must be 160 to 7680 pixels");
  if (options.height < 120 || options.height > 4320) return wrong("height must be 120 to 4320 pixels");
  if (!(options.fps >= 1 && options.fps <= 240)) return wrong("fps must be 1 to 240 frames a second");
  if (!(options.shutter >= 0 && options.shutter <= 1)) return wrong("shutter must be 0 to 1");
  if (!(options.noise >= 0 && options.noise <= 20)) return wrong("noise must be 0 to 20");
  const CameraWork& camera = options.camera;
  if (!(camera.pan >= 0 && camera.pan <= 6)) return wrong("pan must be 0 to 6 metres a second");
  if (!(camera.zoom >= 1 && camera.zoom <= 2)) return wrong("zoom must be 1 to 2");
  if (!(camera.shake >= 0 && camera.shake <= 20)) return wrong("shake must be 0 to 20 pixels");
  if (options.company.spectators < 0 || options.company.spectators > 40)
    return wrong("spectators must be 0 to 40");
  return base::Done{};
}

Renderer::Renderer(Scene scene, const RenderOptions& options)
    : scene_(std::move(scene)),
      options_(options),
      view_(choose_view(scene_, options.width, options.height)),
      path_(options.camera, options.width, options.height, view_.metre, options.seed),
      backdrop_(widened(view_, path_.margin()), options.seed),
      noise_(make_noise(options.width + noise_margin, options.height + noise_margin, options.noise,
                        options.seed)) {
  if (options.company.any()) company_.emplace(options.company, scene_, view_, options.seed);
}

Vec Renderer::lamp(types::Side side) const {
  const auto margin = static_cast<float>(path_.margin());
  return backdrop_.lamp(side) - Vec{margin, margin};
}

// The fencer as large as the camera shows him.
Figure Renderer::figure(types::Side side, double time) const {
  const auto body = static_cast<float>(view_.body[side] * path_.at(time).zoom());
  return {make_dress(options_.seed, side), body, side == types::Side::left ? 1.F : -1.F,
          scene_.fencers[side].right_handed};
}

int Renderer::frames() const {
  return std::max(1, static_cast<int>(std::lround(scene_.duration * options_.fps)));
}

Outline Renderer::outline(types::Side side, double time) const {
  const Stance stance = scene_.fencers[side].at(time);
  Outline result;
  for (std::size_t j = 0; j < stance.joints.size(); ++j) result.joints[j] = view_.pixels(stance.joints[j]);
  result.tip = view_.pixels(stance.tip);
  return taken(result, time);
}

// By the camera, where it looks at that moment.
Outline Renderer::taken(Outline outline, double time) const {
  const types::View view = path_.at(time);
  if (view.still()) return outline;
  for (Vec& joint : outline.joints) joint = seen(view, joint);
  outline.tip = seen(view, outline.tip);
  return outline;
}

Renderer::Drawn Renderer::fencer(types::Side side, double time) const {
  return {figure(side, time), static_cast<float>(view_.body[side] * path_.at(time).zoom()),
          [this, side](double moment) { return outline(side, moment); }, true};
}

Renderer::Drawn Renderer::other(const Company::Member& member, double time) const {
  const auto body = static_cast<float>(company_->body(member) * path_.at(time).zoom());
  return {Figure(member.dress, body, Company::facing(member), company_->right_handed(member)), body,
          [this, &member](double moment) { return taken(company_->outline(member, moment), moment); },
          Company::armed(member)};
}

void Renderer::draw_others(types::Image& picture, bool before_fencers, double time) const {
  if (!company_) return;
  for (const Company::Member& member : company_->members())
    if ((member.nearness > 1) == before_fencers) draw(picture, other(member, time), time);
}

types::PerSide<bool> Renderer::lamps(int frame) const {
  types::PerSide<bool> on{false, false};
  for (const types::Touch& touch : scene_.phrase.touches) {
    const double since = time(frame) - touch.time;
    if (since >= 0 && (!scene_.lamps_last || since < *scene_.lamps_last)) on[touch.scorer] = true;
  }
  return on;
}

// What is behind the fencers, blurred by what the camera moves while the shutter is open.
types::Image Renderer::hall(int frame) const {
  types::Image all = backdrop_.picture(lamps(frame));
  if (!options_.camera.moves()) return all;
  const double margin = path_.margin();
  const double exposure = std::min(longest_exposure, options_.shutter / options_.fps);
  const auto at = [&](double part) { return path_.at(time(frame) + exposure * part); };
  const Vec middle{static_cast<float>(options_.width) / 2, static_cast<float>(options_.height) / 2};
  const double moved = length(seen(at(.5), middle) - seen(at(-.5), middle));
  const int count = std::clamp(static_cast<int>(std::ceil(moved / blur_step)), 1, most_moments);
  std::vector<types::View> moments;
  for (int i = 0; i < count; ++i)
    moments.push_back(types::after(at((i + .5) / count - .5), {1, 0, -margin, -margin}));
  return seen_through(all, moments, options_.width, options_.height);
}

types::Image Renderer::frame(int frame) const {
  types::Image picture = hall(frame);
  const double now = time(frame);
  draw_others(picture, false, now);
  draw(picture, fencer(types::Side::right, now), now);
  draw(picture, fencer(types::Side::left, now), now);
  draw_others(picture, true, now);
  add_noise(picture, frame);
  return picture;
}

void Renderer::draw(types::Image& picture, const Drawn& drawn, double time) const {
  const double exposure = std::min(longest_exposure, options_.shutter / options_.fps);
  const double moved = furthest(drawn.outline(time - exposure / 2), drawn.outline(time + exposure / 2));
  const int count = std::clamp(static_cast<int>(std::ceil(moved / blur_step)), 1, most_moments);
  const auto moment = [&](int i, int of) { return drawn.outline(time + exposure * ((i + .5) / of - .5)); };
  std::vector<Outline> moments;
  for (int i = 0; i < count * blades_per_moment; ++i) moments.push_back(moment(i, count * blades_per_moment));

  const Area area = reach(moments, drawn.body, picture.width, picture.height);
  Layer blurred(area);
  Layer sharp(area);
  for (int i = 0; i < count; ++i) {
    sharp.clear();
    drawn.figure.draw(sharp, moment(i, count));
    blurred.add(sharp, 1.F / static_cast<float>(count));
  }
  if (drawn.armed) {
    for (const Outline& now : moments)
      drawn.figure.draw_blade(blurred, now, 1.F / static_cast<float>(moments.size()));
  }
  blurred.composite_onto(picture);
}

void Renderer::add_noise(types::Image& picture, int frame) const {
  const std::uint64_t place = scrambled(options_.seed * 1000003 + static_cast<std::uint64_t>(frame));
  const std::size_t left = place % noise_margin;
  const std::size_t top = (place >> 32U) % noise_margin;
  const std::size_t row = static_cast<std::size_t>(picture.width) * 3;
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    std::uint8_t* out = picture.bgr.data() + y * row;
    const std::uint8_t* noise =
        noise_.bgr.data() + ((y + top) * static_cast<std::size_t>(noise_.width) + left) * 3;
    for (std::size_t i = 0; i < row; ++i) {
      out[i] = static_cast<std::uint8_t>(std::clamp(out[i] + static_cast<std::int8_t>(noise[i]), 0, 255));
    }
  }
}

types::PerSide<types::Keypoints> Renderer::truth(int frame) const {
  types::PerSide<types::Keypoints> result;
  for (const types::Side side : types::both_sides) {
    const Outline now = outline(side, time(frame));
    for (std::size_t j = 0; j < now.joints.size(); ++j)
      result[side][j] = {now.joints[j].x, now.joints[j].y, 1};
  }
  return result;
}

std::vector<Renderer::Other> Renderer::others(int frame) const {
  std::vector<Other> all;
  if (!company_) return all;
  for (const Company::Member& member : company_->members()) {
    const Outline now = taken(company_->outline(member, time(frame)), time(frame));
    Other& one = all.emplace_back(Other{member.role, {}});
    for (std::size_t j = 0; j < now.joints.size(); ++j)
      one.keypoints[j] = {now.joints[j].x, now.joints[j].y, 1};
  }
  return all;
}

Vec Renderer::weapon_hand(types::Side side, int frame) const {
  return figure(side, time(frame)).hand(outline(side, time(frame)));
}

}  // namespace piste::render
