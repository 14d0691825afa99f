// Where a colour has come and stayed: what was without it in each of some pictures and has it in each of some
// that follow. What moves does that nowhere, but for the places that its edge passes in that very moment.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <vector>

#include "lamps/small_picture.h"

namespace piste::lamps {

// Cells from left and top up to, but not including, right and bottom.
struct Box {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool empty() const { return right <= left || bottom <= top; }
  bool contains(int x, int y) const { return x >= left && x < right && y >= top && y < bottom; }
};
Box common(const Box& a, const Box& b);
Box grown(const Box& box, int by);

struct Spot {
  Colour colour = Colour::red;
  Box box;
  int step = 0;           // the greatest in it
  std::size_t cells = 0;  // that have it
};

// One picture, its tints widened, in the coordinates of those before and after it.
struct Sheet {
  Tints tints;
  Box seen;  // what of it the picture shows
};

// A picture, and how many before it and behind it are compared.
struct Around {
  std::size_t at = 0;
  std::size_t before = 0;
  std::size_t after = 0;
};

class Steps {
 public:
  explicit Steps(const Grid& grid) : grid_(grid) {}

  // The next picture. Of those before it, `kept` are remembered.
  void add(Sheet sheet, std::size_t kept);
  const Grid& grid() const { return grid_; }
  std::size_t size() const { return sheets_.size(); }
  const Sheet& sheet(std::size_t index) const { return sheets_[index]; }

  // What came on with picture `at`, which itself counts neither as before nor as after, for a lamp may come
  // on within its exposure. Precondition: all of them are there.
  std::vector<Spot> find(const Around& around);

  // How much of a colour has stood in a cell some time in the last half minute, before the pictures at hand.
  int remembered(Colour colour, int x, int y) const;
  // To be called five times a second: what stood still in the oldest `before` pictures is remembered.
  void remember(std::size_t before);

 private:
  void find(Colour colour, const Around& around, std::vector<Spot>& out);
  std::size_t measure(Colour colour, std::size_t from, const Around& around);
  Spot collect(Colour colour, std::size_t first);
  int x_of(std::size_t cell) const { return static_cast<int>(cell % static_cast<std::size_t>(grid_.width)); }
  int y_of(std::size_t cell) const { return static_cast<int>(cell / static_cast<std::size_t>(grid_.width)); }

  Grid grid_;
  std::deque<Sheet> sheets_;
  std::array<Plane, colours> memory_;
  Plane step_;                       // of the colour in work
  std::vector<std::size_t> pieces_;  // of it, in which there is one
  std::vector<std::size_t> queue_;   // of collect()
};

}  // namespace piste::lamps
