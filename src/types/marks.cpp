#include "types/marks.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"

namespace piste::types {
namespace {

constexpr double largest_mark = 100'000;
constexpr std::size_t least_corners = 3, most_corners = 16;
constexpr double least_area = 1;  // square pixels: corners on one line are no piste

std::optional<std::vector<Spot>> spots_in(std::string_view text) {
  std::vector<double> numbers;
  for (;;) {
    const auto comma = text.find(',');
    const auto number = base::number_in<double>(text.substr(0, comma));
    if (!number || !(*number >= 0 && *number <= largest_mark)) return std::nullopt;
    numbers.push_back(*number);
    if (comma == std::string_view::npos) break;
    if (numbers.size() == 2 * most_corners) return std::nullopt;
    text.remove_prefix(comma + 1);
  }
  if (numbers.size() % 2 != 0) return std::nullopt;
  std::vector<Spot> spots;
  for (std::size_t i = 0; i < numbers.size(); i += 2) spots.push_back({numbers[i], numbers[i + 1]});
  return spots;
}

double area_of(const std::vector<Spot>& corners) {
  double twice = 0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Spot& a = corners[i];
    const Spot& b = corners[(i + 1) % corners.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return std::abs(twice) / 2;
}

double distance_to(Spot a, Spot b, Spot spot) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double along =
      length > 0 ? std::clamp(((spot.x - a.x) * dx + (spot.y - a.y) * dy) / length, 0., 1.) : 0;
  return std::hypot(a.x + along * dx - spot.x, a.y + along * dy - spot.y);
}

bool is_within(const Spot& spot, int width, int height) {
  return spot.x >= 0 && spot.y >= 0 && spot.x <= width && spot.y <= height;
}

}  // namespace

bool is_piste(const std::vector<Spot>& corners) {
  return corners.size() >= least_corners && corners.size() <= most_corners && area_of(corners) >= least_area;
}

std::optional<PerSide<Spot>> fencers_at(const std::vector<Spot>& spots) {
  if (spots.size() != 2 || spots[0] == spots[1]) return std::nullopt;
  const bool ordered = spots[0].x <= spots[1].x;
  return PerSide<Spot>{spots[ordered ? 0 : 1], spots[ordered ? 1 : 0]};
}

std::optional<std::vector<Spot>> piste_in(std::string_view text) {
  auto corners = spots_in(text);
  return corners && is_piste(*corners) ? corners : std::nullopt;
}

std::optional<PerSide<Spot>> fencers_in(std::string_view text) {
  const auto spots = spots_in(text);
  return spots ? fencers_at(*spots) : std::nullopt;
}

std::string to_string(const std::vector<Spot>& piste) {
  std::string text;
  for (const Spot& spot : piste) {
    if (!text.empty()) text += ',';
    text += std::to_string(std::llround(spot.x)) + ',' + std::to_string(std::llround(spot.y));
  }
  return text;
}

std::string to_string(const PerSide<Spot>& fencers) {
  return to_string(std::vector<Spot>{fencers.left, fencers.right});
}

std::string objection_to(const Marks& marks, int width, int height) {
  const auto outside = [&](const Spot& spot) { return !is_within(spot, width, height); };
  const std::string picture = "the picture of " + std::to_string(width) + " x " + std::to_string(height);
  if (std::any_of(marks.piste.begin(), marks.piste.end(), outside))
    return "piste_corners must lie within " + picture;
  if (!marks.fencers) return "";
  if (outside(marks.fencers->left) || outside(marks.fencers->right))
    return "fencers must lie within " + picture;
  return "";
}

bool is_on(const std::vector<Spot>& piste, Spot spot, double margin) {
  bool inside = false;
  double nearest = margin + 1;
  for (std::size_t i = 0; i < piste.size(); ++i) {
    const Spot& a = piste[i];
    const Spot& b = piste[(i + 1) % piste.size()];
    nearest = std::min(nearest, distance_to(a, b, spot));
    // Each side that a line to the right crosses leads in or out.
    if ((a.y > spot.y) != (b.y > spot.y) && spot.x < a.x + (spot.y - a.y) / (b.y - a.y) * (b.x - a.x))
      inside = !inside;
  }
  return inside || nearest <= margin;
}

}  // namespace piste::types
