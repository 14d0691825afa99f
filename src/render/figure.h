// A fencer in the picture: white suit, mask, glove, shoes and sabre around the 17 keypoints.
#pragma once

#include <array>
#include <cstdint>

#include "render/layer.h"
#include "types/pose.h"
#include "types/side.h"

namespace piste::render {

// A stance in pixels of the picture.
struct Outline {
  std::array<Vec, types::joint::count> joints{};
  Vec tip;
};

// What a fencer wears; differs a little from person to person.
struct Dress {
  Material jacket;
  Material breeches;
  Material sock;
  Material shoe;
  Material glove;
  Material skin;
  Material mesh;  // the mask's front
  Material bib;
  Material hood;  // the mask's back
  Material steel;
};

Dress make_dress(std::uint64_t seed, types::Side side);

class Figure {
 public:
  // body: pixels per metre of the person. facing: +1 to the right, -1 to the left.
  Figure(const Dress& dress, float body, float facing, bool right_handed);

  // Everything but the blade, over what is on the layer.
  void draw(Layer& layer, const Outline& outline) const;

  // The sabre alone: it is fast and thin, and needs more moments than the body for its blur.
  void draw_blade(Layer& layer, const Outline& outline, float opacity) const;

  Vec hand(const Outline& outline) const;  // the middle of the glove

 private:
  struct Limb;  // the joints of an arm or a leg, from the body outwards
  Limb arm(const Outline& outline, bool right) const;
  Limb leg(const Outline& outline, bool right) const;
  void draw_shadows(Layer& layer, const Outline& outline) const;
  void draw_arm(Layer& layer, const Limb& limb, bool weapon) const;
  void draw_leg(Layer& layer, const Limb& limb, bool front) const;
  void draw_trunk(Layer& layer, const Outline& outline) const;
  void draw_head(Layer& layer, const Outline& outline) const;
  void shade_limb(Layer& layer, const Limb& limb) const;

  Dress dress_;
  float body_;
  float facing_;
  bool right_handed_;
};

}  // namespace piste::render
