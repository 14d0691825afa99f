#include "verdict_disturbances.h"

#include <functional>
#include <random>
#include <utility>

namespace piste::bench {
namespace {

using types::Side;

// The same phrase gets the same noise wherever it stands in the file.
std::mt19937_64 generator(const LabelledPhrase& phrase, std::uint64_t seed) {
  for (const char letter : phrase.id) seed = seed * 1099511628211ULL + static_cast<unsigned char>(letter);
  return std::mt19937_64(seed);
}

void keep_frames(types::Tracks& tracks, const std::function<bool(std::size_t)>& keep) {
  for (const Side side : types::both_sides) {
    std::vector<types::TrackPoint> kept;
    for (std::size_t i = 0; i < tracks[side].points.size(); ++i)
      if (keep(i)) kept.push_back(tracks[side].points[i]);
    tracks[side].points = std::move(kept);
  }
}

std::optional<types::Winner> other(std::optional<types::Winner> winner) {
  if (winner == types::Winner::left) return types::Winner::right;
  if (winner == types::Winner::right) return types::Winner::left;
  return winner;
}

}  // namespace

LabelledPhrase with_noise(const LabelledPhrase& phrase, double sigma, std::uint64_t seed) {
  LabelledPhrase out = phrase;
  auto random = generator(phrase, seed);
  std::normal_distribution<float> noise(0, static_cast<float>(sigma));
  for (const Side side : types::both_sides)
    for (auto& point : out.tracks[side].points)
      for (auto& joint : point.keypoints) {
        joint.x += noise(random);
        joint.y += noise(random);
      }
  return out;
}

LabelledPhrase with_lost_frames(const LabelledPhrase& phrase, double part, std::uint64_t seed) {
  LabelledPhrase out = phrase;
  auto random = generator(phrase, seed);
  std::bernoulli_distribution lost(part);
  std::vector<bool> keep(phrase.tracks.left.points.size());
  for (std::size_t i = 0; i < keep.size(); ++i) keep[i] = !lost(random) || i == 0 || i + 1 == keep.size();
  keep_frames(out.tracks, [&](std::size_t i) { return keep[i]; });
  return out;
}

LabelledPhrase at_half_rate(const LabelledPhrase& phrase) {
  LabelledPhrase out = phrase;
  keep_frames(out.tracks, [](std::size_t i) { return i % 2 == 0; });
  out.tracks.fps /= 2;
  return out;
}

LabelledPhrase with_shifted_clock(const LabelledPhrase& phrase, double shift) {
  LabelledPhrase out = phrase;
  for (auto& touch : out.phrase.touches) touch.time += shift;
  for (double& contact : out.phrase.blade_contacts) contact += shift;
  if (out.phrase.lockout) out.phrase.lockout->start += shift;
  if (out.phrase.start) *out.phrase.start += shift;
  if (out.phrase.end) *out.phrase.end += shift;
  return out;
}

LabelledPhrase mirrored(const LabelledPhrase& phrase) {
  LabelledPhrase out = phrase;
  std::swap(out.tracks.left.points, out.tracks.right.points);
  for (const Side side : types::both_sides)
    for (auto& point : out.tracks[side].points)
      for (auto& joint : point.keypoints) joint.x = -joint.x;
  for (auto& touch : out.phrase.touches) touch.scorer = types::opposite(touch.scorer);
  out.truth = other(out.truth);
  out.predecessor = other(out.predecessor);
  if (out.single_light) out.single_light = types::opposite(*out.single_light);
  return out;
}

}  // namespace piste::bench
