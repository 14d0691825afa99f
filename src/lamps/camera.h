// How the camera moves: from which part of each picture the rest of the hall is seen. Pans, jitter and slow
// zooms; people who move do not count, for most of a picture stands still.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lamps/small_picture.h"

namespace piste::lamps {

// cell of the picture = scale * cell of the hall + (x, y). The hall's cells are those of the first picture.
struct View {
  double scale = 1;
  double x = 0;
  double y = 0;

  double from_x(double hall) const { return scale * hall + x; }
  double from_y(double hall) const { return scale * hall + y; }
  double to_x(double picture) const { return (picture - x) / scale; }
  double to_y(double picture) const { return (picture - y) / scale; }
  // Of the picture, of cells that are seen in another picture as `other` says.
  View relative_to(const View& other) const {
    const double ratio = scale / other.scale;
    return {ratio, x - ratio * other.x, y - ratio * other.y};
  }
  bool operator==(const View&) const = default;
};

class Camera {
 public:
  // nullopt: the picture shows something else than the one before, a cut; the hall begins anew with it.
  std::optional<View> follow(const SmallPicture& picture);

 private:
  struct Vote {    // how far a piece of the picture has moved
    double x = 0;  // its middle, from the picture's
    double y = 0;
    std::optional<double> dx;  // cells; nullopt where it cannot be told
    std::optional<double> dy;
    int difference = 0;  // what is left, of a cell
  };
  struct Motion {  // since the key picture, about the picture's middle
    double x = 0;
    double y = 0;
    double zoom = 0;
  };
  std::vector<Vote> votes(const Plane& luma) const;
  Vote vote(const Plane& luma, int left, int top) const;
  std::optional<Motion> agree(const std::vector<Vote>& votes) const;
  bool is_cut(const std::vector<Vote>& votes) const;
  View view_of(const Motion& motion) const;
  void take_key(Plane luma);

  Grid grid_;
  Plane key_;      // the brightness of a picture of a while ago, ...
  View key_view_;  // ... and its place
  Motion motion_;  // the last picture's
  int lost_ = 0;   // pictures in a row whose motion could not be told
};

}  // namespace piste::lamps
