#include "render/layer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace piste::render {
namespace {

constexpr Vec light{-.36F, -.62F};  // towards the lamp: above, a little to the left, ...
constexpr float light_z = .70F;     // ... and in front

// Where a pixel lies in a shape.
struct Place {
  float inside = 0;  // px to the edge, negative outside
  Vec normal;        // of the round surface, as far as it lies in the picture's plane
  float along = 0;   // px, coordinates on the cloth
  float across = 0;
};

class CapsuleShape {
 public:
  CapsuleShape() = default;
  explicit CapsuleShape(const Capsule& capsule)
      : a_(capsule.a), axis_(capsule.b - capsule.a), ra_(capsule.ra) {
    const float square = std::max(dot(axis_, axis_), 1e-6F);
    widening_ = capsule.rb - capsule.ra;
    inverse_square_ = 1 / square;
    axis_length_ = std::sqrt(square);
  }

  Place at(Vec p) const {
    const Vec from_a = p - a_;
    const float t = std::clamp(dot(from_a, axis_) * inverse_square_, 0.F, 1.F);
    const Vec off = from_a - axis_ * t;
    const float radius = ra_ + widening_ * t;
    const float distance = length(off);
    const float side = off.x * axis_.y - off.y * axis_.x > 0 ? distance : -distance;
    return {radius - distance, off * (1 / radius), t * axis_length_, side};
  }

  float inside(Vec p) const {
    const Vec from_a = p - a_;
    const float t = std::clamp(dot(from_a, axis_) * inverse_square_, 0.F, 1.F);
    return ra_ + widening_ * t - length(from_a - axis_ * t);
  }

 private:
  Vec a_;
  Vec axis_;
  float ra_ = 0;
  float widening_ = 0;
  float inverse_square_ = 0;
  float axis_length_ = 0;
};

// The capsules' union; the surface's direction is a mean of theirs, in which the thickest counts most, so
// that no seam shows where they meet.
class BodyShape {
 public:
  explicit BodyShape(std::span<const Capsule> parts) : count_(std::min(parts.size(), parts_.size())) {
    for (std::size_t i = 0; i < count_; ++i) parts_[i] = CapsuleShape(parts[i]);
  }

  Place at(Vec p) const {
    Place result{-1e6F, {}, 0, 0};
    float weights = 1e-12F;
    Vec normal;
    for (std::size_t i = 0; i < count_; ++i) {
      const Place place = parts_[i].at(p);
      if (place.inside > result.inside) result = place;
      if (place.inside <= 0) continue;
      const float height_square = place.inside * place.inside;
      normal = normal + place.normal * height_square;
      weights += height_square;
    }
    if (result.inside > 0) result.normal = normal * (1 / weights);
    return result;
  }

 private:
  std::array<CapsuleShape, 8> parts_;
  std::size_t count_;
};

struct EllipseShape {
  Vec centre;
  Vec direction;
  float half;
  float across;

  Place at(Vec p) const {
    const Vec off = p - centre;
    const float u = dot(off, direction);
    const float v = off.y * direction.x - off.x * direction.y;
    const float scaled = std::sqrt(u * u / (half * half) + v * v / (across * across));
    const float distance = length(off);
    const float edge = scaled > 0 ? distance / scaled : across;
    return {edge - distance, off * (1 / edge), u, v};
  }
};

// Smooth noise in -1..1 that repeats every 64 px: folds and weave of cloth.
using Cloth = std::array<float, 64 * 64>;

float lattice(int x, int y, int period) {
  const auto wrapped = [period](int i) {
    return static_cast<std::uint32_t>(((i % period) + period) % period);
  };
  std::uint32_t h = wrapped(x) * 0x9E3779B1U ^ wrapped(y) * 0x85EBCA77U ^ static_cast<std::uint32_t>(period);
  h ^= h >> 15U;
  h *= 0x2C1B3C6DU;
  h ^= h >> 13U;
  return static_cast<float>(h & 0xFFFFU) / 32767.5F - 1;
}

float octave(float x, float y, int period) {
  const float step = 64.F / static_cast<float>(period);
  const float u = x / step;
  const float v = y / step;
  const int i = static_cast<int>(u);
  const int j = static_cast<int>(v);
  const float fu = u - static_cast<float>(i);
  const float fv = v - static_cast<float>(j);
  const float top = std::lerp(lattice(i, j, period), lattice(i + 1, j, period), fu);
  const float bottom = std::lerp(lattice(i, j + 1, period), lattice(i + 1, j + 1, period), fu);
  return std::lerp(top, bottom, fv);
}

Cloth make_cloth() {
  Cloth cloth{};
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      const auto fx = static_cast<float>(x);
      const auto fy = static_cast<float>(y);
      cloth[static_cast<std::size_t>(y * 64 + x)] =
          .5F * octave(fx, fy, 8) + .3F * octave(fx, fy, 16) + .2F * octave(fx, fy, 64);
    }
  }
  return cloth;
}

float cloth_at(float along, float across) {
  static const Cloth cloth = make_cloth();
  const auto x = static_cast<unsigned>(static_cast<int>(along * 2 + 4096)) & 63U;
  const auto y = static_cast<unsigned>(static_cast<int>(across * 2 + 4096)) & 63U;
  return cloth[y * 64 + x];
}

float brightness(const Place& place, const Material& material) {
  const float flat = dot(place.normal, place.normal);
  const float z = flat < 1 ? std::sqrt(1 - flat) : 0;
  const float lit = std::max(0.F, dot(place.normal, light) + z * light_z);
  return material.ambient + material.diffuse * lit + material.weave * cloth_at(place.along, place.across);
}

}  // namespace

float length(Vec a) {
  return std::sqrt(dot(a, a));
}

Vec unit(Vec a, Vec fallback) {
  const float size = length(a);
  return size > 1e-4F ? a * (1 / size) : fallback;
}

Layer::Layer(const Area& area)
    : area_(area),
      bgra_(static_cast<std::size_t>(area.width()) * static_cast<std::size_t>(area.height()) * 4) {}

void Layer::clear() {
  std::fill(bgra_.begin(), bgra_.end(), 0.F);
}

float* Layer::pixel(int x, int y) {
  const auto row = static_cast<std::size_t>(y - area_.top) * static_cast<std::size_t>(area_.width());
  return bgra_.data() + (row + static_cast<std::size_t>(x - area_.left)) * 4;
}

Area Layer::clipped(float left, float top, float right, float bottom) const {
  // Clamped as floats first: a wild keypoint must not overflow the conversion.
  const auto pixels = [](float value, int low, int high) {
    return static_cast<int>(std::clamp(value, static_cast<float>(low), static_cast<float>(high)));
  };
  return {pixels(std::floor(left), area_.left, area_.right), pixels(std::floor(top), area_.top, area_.bottom),
          pixels(std::ceil(right) + 1, area_.left, area_.right),
          pixels(std::ceil(bottom) + 1, area_.top, area_.bottom)};
}

Area Layer::bounds(std::span<const Capsule> parts) const {
  Vec low{1e6F, 1e6F};
  Vec high{-1e6F, -1e6F};
  for (const Capsule& part : parts) {
    low = {std::min({low.x, part.a.x - part.ra, part.b.x - part.rb}),
           std::min({low.y, part.a.y - part.ra, part.b.y - part.rb})};
    high = {std::max({high.x, part.a.x + part.ra, part.b.x + part.rb}),
            std::max({high.y, part.a.y + part.ra, part.b.y + part.rb})};
  }
  return clipped(low.x, low.y, high.x, high.y);
}

template <class Shape>
void Layer::paint(const Shape& shape, const Area& where, const Material& material, float opacity) {
  for (int y = where.top; y < where.bottom; ++y) {
    float* out = pixel(where.left, y);
    for (int x = where.left; x < where.right; ++x, out += 4) {
      const Place place = shape.at({static_cast<float>(x), static_cast<float>(y)});
      if (place.inside <= -.5F) continue;
      const float alpha = std::min(1.F, place.inside + .5F) * opacity;
      const float light_here = brightness(place, material) * alpha;
      const float under = 1 - alpha;
      out[0] = out[0] * under + material.colour.blue * light_here;
      out[1] = out[1] * under + material.colour.green * light_here;
      out[2] = out[2] * under + material.colour.red * light_here;
      out[3] = out[3] * under + alpha;
    }
  }
}

void Layer::capsule(const Capsule& capsule, const Material& material, float opacity) {
  paint(CapsuleShape(capsule), bounds({&capsule, 1}), material, opacity);
}

void Layer::body(std::span<const Capsule> parts, const Material& material) {
  paint(BodyShape(parts), bounds(parts), material, 1);
}

void Layer::ellipse(Vec centre, Vec half, float across, const Material& material) {
  const float half_length = std::max(length(half), 1e-3F);
  const float reach = std::max(half_length, across);
  const EllipseShape shape{centre, unit(half, {0, -1}), half_length, across};
  paint(shape, clipped(centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach), material, 1);
}

void Layer::shade(const Capsule& capsule, float strength) {
  const CapsuleShape shape(capsule);
  const Area where = bounds({&capsule, 1});
  const float soft = 2 / std::max(capsule.ra, capsule.rb);
  for (int y = where.top; y < where.bottom; ++y) {
    float* out = pixel(where.left, y);
    for (int x = where.left; x < where.right; ++x, out += 4) {
      const float inside = shape.inside({static_cast<float>(x), static_cast<float>(y)});
      if (inside <= 0) continue;
      const float keep = 1 - strength * std::min(1.F, soft * inside);
      for (int c = 0; c < 3; ++c) out[c] *= keep;
    }
  }
}

void Layer::spot(Vec centre, float half_width, float half_height, float opacity) {
  const Area where =
      clipped(centre.x - half_width, centre.y - half_height, centre.x + half_width, centre.y + half_height);
  for (int y = where.top; y < where.bottom; ++y) {
    float* out = pixel(where.left, y);
    for (int x = where.left; x < where.right; ++x, out += 4) {
      const float u = (static_cast<float>(x) - centre.x) / half_width;
      const float v = (static_cast<float>(y) - centre.y) / half_height;
      const float fall = std::max(0.F, 1 - u * u - v * v);
      const float alpha = opacity * fall * fall;
      for (int c = 0; c < 3; ++c) out[c] *= 1 - alpha;
      out[3] = out[3] * (1 - alpha) + alpha;
    }
  }
}

void Layer::add(const Layer& other, float weight) {
  for (std::size_t i = 0; i < bgra_.size(); ++i) bgra_[i] += weight * other.bgra_[i];
}

void Layer::composite_onto(types::Image& picture) const {
  const float* in = bgra_.data();
  for (int y = area_.top; y < area_.bottom; ++y) {
    const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width);
    std::uint8_t* out = picture.bgr.data() + (row + static_cast<std::size_t>(area_.left)) * 3;
    for (int x = area_.left; x < area_.right; ++x, in += 4, out += 3) {
      if (in[3] <= 0) continue;
      for (int c = 0; c < 3; ++c) {
        const float mixed = static_cast<float>(out[c]) * (1 - in[3]) + in[c];
        out[c] = static_cast<std::uint8_t>(std::clamp(mixed + .5F, 0.F, 255.F));
      }
    }
  }
}

}  // namespace piste::render
