// Which box a light belongs to, and which of its lamps it is: red and green stand side by side in fixed
// places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "boxes/event.h"
#include "lamps/small_picture.h"
#include "types/lamp_places.h"
#include "types/side.h"

namespace piste::lamps {

using types::Area;

// What came on. Areas are in cells.
struct Shine {
  Colour colour = Colour::red;
  std::int64_t at = 0;     // picture, counted from the first
  std::int64_t frame = 0;  // its number
  double time = 0;         // its time, s
  double error = 0;        // since the picture before, s
  bool hidden = false;     // something stood before it until then
  Area picture;            // in the picture
  Area hall;               // in the first picture's coordinates
  double score = 0;        // how much it looks like a lamp, 0 to 1
  double strength = 0;     // how large and bright it is
};

struct Lit {
  Shine shine;
  std::size_t board = 0;
  types::Side side = types::Side::left;
  boxes::LampState state = boxes::LampState::valid;
};

class Boards {
 public:
  // Whether that lamp has shone there before.
  bool knows(const Shine& shine) const { return known(shine).has_value(); }
  // Whether it stands beside a lamp that came on in the same phrase, as a box's other lamp does.
  bool completes(const Shine& shine) const;
  // A lamp. nullopt for a white one that stands near no other, and for one that is on already.
  std::optional<Lit> take(const Shine& shine);
  // What is white, where no lamp is: a coloured one that is brighter than the camera can show, if it stands
  // as the box's other lamp does, or where that lamp has shone before.
  std::optional<Lit> take_blown_out(const Shine& shine);
  // The lamps of a marked box: side and state are known.
  std::optional<Lit> take(const Shine& shine, types::Side side, boxes::LampState state);

  // The box that is believed to be this piste's, by all so far: the one that shines most; of those that show
  // the same hits, the one that shows them first.
  std::optional<std::size_t> main() const;
  // Of one board, in the order in which they were taken.
  std::vector<Lit> lit_on(std::size_t board) const;
  // Hits that only others showed.
  std::size_t elsewhere(std::size_t board) const;

 private:
  struct Board {
    types::PerSide<std::optional<Shine>> coloured;  // as they were seen last
    types::PerSide<std::optional<Shine>> white;
    types::PerSide<double> strength;  // of each side's strongest light
    double shines() const;
  };
  std::optional<Lit> known(const Shine& shine) const;
  std::optional<Lit> beside(const Shine& shine) const;
  std::optional<Lit> keep(const Lit& lit);
  bool is_on(const Lit& lit) const;
  bool shows_before(std::size_t one, std::size_t other) const;

  std::vector<Board> boards_;
  std::vector<Lit> all_;
};

}  // namespace piste::lamps
