// A transparent picture that shaded shapes are painted on: float, alpha-premultiplied BGRA over a part of the
// frame. Shapes are antialiased by their distance to the edge and lit as if they were round.
#pragma once

#include <span>
#include <vector>

#include "types/frame.h"

namespace piste::render {

// Pixels of the frame; the middle of the top left pixel is (0, 0).
struct Vec {
  float x = 0;
  float y = 0;
};

inline Vec operator+(Vec a, Vec b) {
  return {a.x + b.x, a.y + b.y};
}
inline Vec operator-(Vec a, Vec b) {
  return {a.x - b.x, a.y - b.y};
}
inline Vec operator*(Vec a, float k) {
  return {a.x * k, a.y * k};
}
inline float dot(Vec a, Vec b) {
  return a.x * b.x + a.y * b.y;
}
float length(Vec a);
Vec unit(Vec a, Vec fallback);  // fallback where a has no direction

struct Area {
  int left = 0;
  int top = 0;
  int right = 0;  // exclusive
  int bottom = 0;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

struct Colour {
  float blue = 0;
  float green = 0;
  float red = 0;
};

// A limb: round ends of different radius.
struct Capsule {
  Vec a;
  float ra = 0;
  Vec b;
  float rb = 0;
};

struct Material {
  Colour colour;
  float ambient = .58F;  // brightness in the shade; ambient + diffuse = fully lit
  float diffuse = .45F;
  float weave = .03F;  // strength of the cloth's texture
};

class Layer {
 public:
  explicit Layer(const Area& area);

  void clear();

  // opacity: 0..1.
  void capsule(const Capsule& capsule, const Material& material, float opacity = 1);

  // Several capsules as one smooth body, at most 8.
  void body(std::span<const Capsule> parts, const Material& material);

  // half is the vector along the first half axis; across the length of the other.
  void ellipse(Vec centre, Vec half, float across, const Material& material);

  // Darkens what is already painted where a capsule is: a limb in front of the body throws a little shade on
  // it.
  void shade(const Capsule& capsule, float strength);

  // A soft dark spot, as of a foot on the floor.
  void spot(Vec centre, float half_width, float half_height, float opacity);

  // Adds another layer of the same area; with weights that sum to 1 this is motion blur.
  void add(const Layer& other, float weight);

  void composite_onto(types::Image& picture) const;

 private:
  template <class Shape>
  void paint(const Shape& shape, const Area& where, const Material& material, float opacity);
  Area bounds(std::span<const Capsule> parts) const;
  Area clipped(float left, float top, float right, float bottom) const;
  float* pixel(int x, int y);

  Area area_;
  std::vector<float> bgra_;
};

}  // namespace piste::render
