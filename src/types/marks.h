// What a person marks in the picture: the piste on which is fenced, or the two fencers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/side.h"

namespace piste::types {

// Pixels of the received frames.
struct Spot {
  double x = 0;
  double y = 0;
  bool operator==(const Spot&) const = default;
};

struct Marks {
  std::vector<Spot> piste = {};               // corners, one after the other; empty: not marked
  std::optional<PerSide<Spot>> fencers = {};  // on each one's body, in the first frames
};

// 3 to 16 corners around an area.
bool is_piste(const std::vector<Spot>& corners);
// The one further left is the left fencer's. Nothing where these are not two different ones.
std::optional<PerSide<Spot>> fencers_at(const std::vector<Spot>& spots);

constexpr std::string_view piste_form = "X,Y,X,Y,X,Y and so on: 3 to 16 corners of the piste, in pixels";
constexpr std::string_view fencers_form = "X,Y,X,Y: a point on each fencer's body, in pixels";
// As text. Nothing for what has another form.
std::optional<std::vector<Spot>> piste_in(std::string_view text);
std::optional<PerSide<Spot>> fencers_in(std::string_view text);
std::string to_string(const std::vector<Spot>& piste);
std::string to_string(const PerSide<Spot>& fencers);

// Why these cannot be marks in pictures of this size; empty: they can.
std::string objection_to(const Marks& marks, int width, int height);

// Whether it lies on the piste, or no further than `margin` beside it.
bool is_on(const std::vector<Spot>& piste, Spot spot, double margin);

}  // namespace piste::types
