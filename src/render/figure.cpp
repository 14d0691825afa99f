#include "render/figure.h"

#include <algorithm>
#include <random>

namespace piste::render {
namespace {

namespace joint = types::joint;

Vec middle(Vec a, Vec b) {
  return (a + b) * .5F;
}

Vec mix(Vec a, Vec b, float part) {
  return a + (b - a) * part;
}

Colour tinted(Colour colour, float by) {
  return {colour.blue + by, colour.green + by, colour.red + by * .8F};
}

}  // namespace

struct Figure::Limb {
  Vec root;   // shoulder or hip
  Vec hinge;  // elbow or knee
  Vec end;    // wrist or ankle
};

Dress make_dress(std::uint64_t seed, types::Side side) {
  std::mt19937_64 random(seed * 2 + (side == types::Side::left ? 0 : 1));
  const auto some = [&random](float low, float high) {
    return low + (high - low) * static_cast<float>(random() >> 40U) / 16777216.F;
  };
  const Colour shoes[] = {{60, 55, 60}, {150, 80, 40}, {50, 50, 170}, {215, 215, 220}};
  Dress dress;
  dress.jacket = {tinted({214, 216, 217}, some(-12, 8)), .57F, .47F, .07F};  // the electric jacket is grey
  dress.breeches = {tinted({232, 235, 237}, some(-8, 6)), .56F, .46F, .05F};
  dress.sock = {tinted({224, 226, 228}, some(-10, 8)), .55F, .46F, .04F};
  dress.shoe = {shoes[random() % std::size(shoes)], .55F, .5F, .02F};
  dress.glove = {tinted({206, 206, 208}, some(-30, 10)), .55F, .45F, .05F};
  dress.skin = {tinted({135, 165, 210}, some(-40, 15)), .6F, .42F, .02F};
  dress.mesh = {tinted({52, 50, 50}, some(-12, 12)), .7F, .55F, .04F};
  dress.bib = {{222, 224, 226}, .55F, .45F, .03F};
  dress.hood = {tinted({92, 92, 96}, some(-30, 30)), .6F, .45F, .03F};
  dress.steel = {{208, 205, 203}, .65F, .4F, 0};
  return dress;
}

Figure::Figure(const Dress& dress, float body, float facing, bool right_handed)
    : dress_(dress), body_(body), facing_(facing), right_handed_(right_handed) {}

Figure::Limb Figure::arm(const Outline& outline, bool right) const {
  const std::size_t r = right ? 1 : 0;
  const auto& p = outline.joints;
  return {p[joint::left_shoulder + r], p[joint::left_elbow + r], p[joint::left_wrist + r]};
}

Figure::Limb Figure::leg(const Outline& outline, bool right) const {
  const std::size_t r = right ? 1 : 0;
  const auto& p = outline.joints;
  return {p[joint::left_hip + r], p[joint::left_knee + r], p[joint::left_ankle + r]};
}

void Figure::draw(Layer& layer, const Outline& outline) const {
  // A fencer who faces right shows the right side to the camera.
  const bool near_is_right = facing_ > 0;
  const bool front_is_right = right_handed_;
  draw_shadows(layer, outline);
  draw_arm(layer, arm(outline, !near_is_right), front_is_right != near_is_right);
  draw_leg(layer, leg(outline, !near_is_right), front_is_right != near_is_right);
  shade_limb(layer, leg(outline, near_is_right));
  draw_leg(layer, leg(outline, near_is_right), front_is_right == near_is_right);
  draw_trunk(layer, outline);
  draw_head(layer, outline);
  shade_limb(layer, arm(outline, near_is_right));
  draw_arm(layer, arm(outline, near_is_right), front_is_right == near_is_right);
}

// The lower foot stands; the other's shadow is fainter the higher it is.
void Figure::draw_shadows(Layer& layer, const Outline& outline) const {
  const float standing = std::max(outline.joints[joint::left_ankle].y, outline.joints[joint::right_ankle].y);
  for (const bool right : {true, false}) {
    const Vec ankle = leg(outline, right).end;
    const float lift = (standing - ankle.y) / body_;
    layer.spot({ankle.x, (ankle.y + standing) * .5F + .085F * body_}, .30F * body_, .07F * body_,
               .5F / (1 + 5 * lift));
  }
}

void Figure::shade_limb(Layer& layer, const Limb& limb) const {
  layer.shade({limb.root, .105F * body_, limb.hinge, .09F * body_}, .16F);
  layer.shade({limb.hinge, .09F * body_, limb.end, .08F * body_}, .16F);
}

void Figure::draw_arm(Layer& layer, const Limb& limb, bool weapon) const {
  const Vec along = unit(limb.end - limb.hinge, {facing_, 0});
  const Vec fist = limb.end + along * (.075F * body_);
  const std::array<Capsule, 2> sleeve{Capsule{limb.root, .076F * body_, limb.hinge, .055F * body_},
                                      Capsule{limb.hinge, .055F * body_, limb.end, .040F * body_}};
  if (!weapon) layer.capsule({limb.end, .034F * body_, fist, .042F * body_}, dress_.skin);
  layer.body(sleeve, dress_.jacket);
  if (!weapon) return;
  const std::array<Capsule, 2> glove{
      Capsule{mix(limb.end, limb.hinge, .3F), .052F * body_, limb.end, .044F * body_},
      Capsule{limb.end, .044F * body_, fist, .048F * body_}};
  layer.body(glove, dress_.glove);
  layer.ellipse(fist + along * (.03F * body_), along * (.028F * body_), .055F * body_, dress_.steel);
}

void Figure::draw_leg(Layer& layer, const Limb& limb, bool front) const {
  const float reach = front ? .17F : .09F;  // the rear foot points away from the opponent's line
  const Vec heel = limb.end + Vec{-.055F * facing_, .055F} * body_;
  const Vec toe = limb.end + Vec{reach * facing_, .068F} * body_;
  const Vec calf = mix(limb.hinge, limb.end, .32F);
  const std::array<Capsule, 2> sock{Capsule{limb.hinge, .060F * body_, calf, .062F * body_},
                                    Capsule{calf, .062F * body_, limb.end, .040F * body_}};
  const std::array<Capsule, 2> shoe{Capsule{heel, .038F * body_, toe, .030F * body_},
                                    Capsule{limb.end, .042F * body_, heel, .040F * body_}};
  const std::array<Capsule, 2> breeches{
      Capsule{limb.root, .106F * body_, limb.hinge, .070F * body_},
      Capsule{limb.hinge, .070F * body_, mix(limb.hinge, calf, .5F), .066F * body_}};
  layer.body(shoe, dress_.shoe);
  layer.body(sock, dress_.sock);
  layer.body(breeches, dress_.breeches);
}

void Figure::draw_trunk(Layer& layer, const Outline& outline) const {
  const auto& p = outline.joints;
  const Vec neck = middle(p[joint::left_shoulder], p[joint::right_shoulder]);
  const Vec seat = middle(p[joint::left_hip], p[joint::right_hip]);
  const Vec waist = mix(neck, seat, .66F);
  std::array<Capsule, 6> parts;
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    const Vec shoulder = mix(p[joint::left_shoulder + side], neck, .12F);
    const Vec hip = mix(p[joint::left_hip + side], seat, .2F);
    const Vec flank = mix(mix(hip, shoulder, .4F), waist, .45F);
    parts[2 * side] = {shoulder, .086F * body_, flank, .100F * body_};
    parts[2 * side + 1] = {flank, .100F * body_, hip, .114F * body_};
  }
  parts[4] = {mix(neck, seat, .1F), .118F * body_, waist, .124F * body_};
  parts[5] = {waist, .124F * body_, seat, .130F * body_};
  layer.body(parts, dress_.jacket);
}

void Figure::draw_head(Layer& layer, const Outline& outline) const {
  const auto& p = outline.joints;
  const Vec neck = middle(p[joint::left_shoulder], p[joint::right_shoulder]);
  const Vec ears = middle(p[joint::left_ear], p[joint::right_ear]);
  const Vec ahead = unit(p[joint::nose] - ears, {facing_, 0});
  const Vec across = ahead.x > 0 ? Vec{ahead.y, -ahead.x} : Vec{-ahead.y, ahead.x};
  const Vec up = unit(unit(ears - neck, {0, -1}) + across, {0, -1});
  const Vec face = mix(ears, p[joint::nose], .5F);
  const Vec chin = face - up * (.115F * body_);
  layer.capsule({neck - up * (.02F * body_), .078F * body_, ears - up * (.03F * body_), .068F * body_},
                dress_.jacket);
  layer.ellipse(ears - ahead * (.005F * body_) + up * (.015F * body_), up * (.125F * body_), .112F * body_,
                dress_.hood);
  layer.capsule({chin, .070F * body_, mix(chin, neck, .7F) + ahead * (.03F * body_), .082F * body_},
                dress_.bib);
  layer.ellipse(face + up * (.015F * body_), up * (.145F * body_), .100F * body_, dress_.mesh);
}

Vec Figure::hand(const Outline& outline) const {
  const Limb limb = arm(outline, right_handed_);
  return limb.end + unit(limb.end - limb.hinge, {facing_, 0}) * (.075F * body_);
}

void Figure::draw_blade(Layer& layer, const Outline& outline, float opacity) const {
  const float half = std::max(.45F, .006F * body_);
  layer.capsule({hand(outline), half * 1.4F, outline.tip, half}, dress_.steel, opacity);
}

}  // namespace piste::render
