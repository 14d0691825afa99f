#include "types/lamp_places.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"

namespace piste::types {
namespace {

constexpr double most_pixels = 100'000;
constexpr double longest = 24 * 3600;  // s

std::optional<std::vector<double>> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  while (numbers.size() < 8) {
    const auto comma = text.find(',');
    const auto number = base::number_in<double>(text.substr(0, comma));
    if (!number || !(*number >= 0 && *number <= most_pixels)) return std::nullopt;
    numbers.push_back(*number);
    if (comma == std::string_view::npos) return numbers;
    text.remove_prefix(comma + 1);
  }
  return std::nullopt;
}

std::optional<Area> area_in(const std::vector<double>& numbers, std::size_t from) {
  const Area area{numbers[from], numbers[from + 1], numbers[from + 2], numbers[from + 3]};
  if (area.width < 1 || area.height < 1) return std::nullopt;
  return area;
}

std::string text_of(const Area& area) {
  std::string text;
  for (const double value : {area.x, area.y, area.width, area.height})
    text += (text.empty() ? "" : ",") + std::to_string(std::llround(value));
  return text;
}

}  // namespace

std::optional<LampPlaces> lamp_places_in(std::string_view text) {
  if (text == "auto") return LampPlaces{};
  LampPlaces places;
  places.watch = text != "off";
  if (!places.watch) return places;
  const auto numbers = numbers_in(text);
  if (!numbers || (numbers->size() != 4 && numbers->size() != 8)) return std::nullopt;
  const auto first = area_in(*numbers, 0);
  if (!first) return std::nullopt;
  if (numbers->size() == 4) {
    places.box = *first;
    return places;
  }
  const auto second = area_in(*numbers, 4);
  if (!second) return std::nullopt;
  places.own = PerSide<Area>{*first, *second};
  return places;
}

std::string to_string(const LampPlaces& places) {
  if (!places.watch) return "off";
  if (places.box) return text_of(*places.box);
  if (places.own) return text_of(places.own->left) + "," + text_of(places.own->right);
  return "auto";
}

std::optional<Touch> hit_in(std::string_view text, std::string_view off_target) {
  Touch touch;
  touch.valid = !text.ends_with(off_target);
  if (!touch.valid) text.remove_suffix(off_target.size());
  const auto at = text.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto side = text.substr(0, at);
  if (side != to_string(Side::left) && side != to_string(Side::right)) return std::nullopt;
  touch.scorer = side == to_string(Side::left) ? Side::left : Side::right;
  const auto time = base::number_in<double>(text.substr(at + 1));
  if (!time || !(*time >= 0)) return std::nullopt;
  touch.time = *time;
  return touch;
}

std::optional<std::vector<Touch>> hits_in(std::string_view text) {
  constexpr std::string_view between = ", \t";
  std::vector<Touch> hits;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(between), text.size());
    if (end > 0) {
      const auto hit = hit_in(text.substr(0, end), ":off_target");
      if (!hit || hit->time > longest) return std::nullopt;
      for (const Touch& other : hits) {
        if (other.scorer == hit->scorer) return std::nullopt;
      }
      hits.push_back(*hit);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::sort(hits.begin(), hits.end(), [](const Touch& a, const Touch& b) { return a.time < b.time; });
  return hits;
}

}  // namespace piste::types
