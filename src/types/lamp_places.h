// Where in the picture the lamps of a scoring box are looked for, and hits that a person tells.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/phrase.h"
#include "types/side.h"

namespace piste::types {

// Pixels of the received frames.
struct Area {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  bool operator==(const Area&) const = default;
};

struct LampPlaces {
  bool watch = true;                 // false: nobody looks for lamps
  std::optional<Area> box;           // both lamps lie in it
  std::optional<PerSide<Area>> own;  // each lamp has its own
  bool white = true;                 // hits off target have lamps of their own: in foil alone
  bool marked() const { return box || own; }
};
inline const LampPlaces nowhere{false, {}, {}};  // nobody looks for lamps

constexpr std::string_view lamp_places_form =
    "auto, off, X,Y,W,H (the box, in pixels) or X,Y,W,H,X,Y,W,H (the left lamp and the right one)";
// nullopt for what has another form.
std::optional<LampPlaces> lamp_places_in(std::string_view text);
std::string to_string(const LampPlaces& places);

// "left@3.19": a side and seconds, with `off_target` behind them where the hit was that. nullopt for another
// form.
std::optional<Touch> hit_in(std::string_view text, std::string_view off_target);

constexpr std::string_view hits_form =
    "left@SECONDS or right@SECONDS, with :off_target behind it where it was none";
// "left@3.19", "right@3.32:off_target": seconds since the first frame. Several with commas or spaces between,
// in order of time afterwards. nullopt for another form, and for two of one side.
std::optional<std::vector<Touch>> hits_in(std::string_view text);

}  // namespace piste::types
