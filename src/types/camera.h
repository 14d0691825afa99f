// How the camera moved: where each picture lies in the steady frame of reference of its shot, and what is
// wrong with the pictures themselves.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "types/pose.h"
#include "types/said.h"
#include "types/track.h"

namespace piste::types {

// picture = [a -b; b a] * place + (x, y). Places and pictures are in pixels of the received frames; a shot's
// places are those of its first picture.
struct View {
  double a = 1;  // zoom * cos(roll)
  double b = 0;  // zoom * sin(roll)
  double x = 0;
  double y = 0;

  double zoom() const;
  double roll() const;                            // rad, clockwise as seen in the picture
  bool still() const { return *this == View{}; }  // exactly: a camera that stands is not measured to move
  bool operator==(const View& other) const = default;
};

View inverse(const View& view);
View after(const View& then, const View& first);  // of a place: then(first(place))
Keypoint moved(const View& view, const Keypoint& point);

enum class Sight : std::uint8_t {
  seen,
  black,  // nothing is to be seen
  lost,   // no motion could be told: blur, no texture, a swing too fast; the view is a guess
};

struct CameraFrame {
  std::int64_t number = 0;
  View view;
  int shot = 0;  // counts the cuts before
  Sight sight = Sight::seen;
  bool repeated = false;  // the picture is the one before once more
  bool blended = false;   // it lies between the one before and the one after: both shine through
  double change = 0;      // grey levels, where it differs most from the one before
  double bend = -1;       // of what moves: how far it is off the middle of those two, 0: not; -1: not known
  double error = 0;       // px, of the view at the picture's middle
};

struct CameraMotion {
  std::vector<CameraFrame> frames;  // in order of number

  const CameraFrame* at(std::int64_t number) const;  // null: not known
};

// Points of the pictures -> places, and back. Points whose picture is not known stay.
void to_places(std::vector<TrackPoint>& points, const CameraMotion& motion);
void to_pictures(std::vector<TrackPoint>& points, const CameraMotion& motion);

// A stretch of pictures, both ends included.
struct Stretch {
  std::int64_t first_frame = 0;
  std::int64_t last_frame = 0;
  double start = 0;  // s since the phrase's first frame
  double end = 0;
};

// What is told of it. Speeds are of the picture's middle, in widths of the picture a second.
struct CameraAccount {
  bool moved = false;
  double speed_median = 0;
  double speed_most = 0;  // all but one in twenty are slower
  double zoom_least = 1;
  double zoom_most = 1;
  double error = 0;            // px, median
  std::vector<Stretch> cuts;   // first_frame: the last picture before; last_frame: the first one after
  std::vector<Stretch> lost;   // where the motion is not known
  std::vector<Stretch> black;  // pictures
  std::vector<Stretch> frozen;
  double new_pictures = 0;  // a second; 0: as many as there are pictures
  std::vector<Said> warnings;
  Said doubt;        // why a person should look, where the motion decides; empty: no reason
  double trust = 1;  // 0..1: how much of the last moments before the hit the camera's motion is known in
};

}  // namespace piste::types
