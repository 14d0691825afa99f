#include "boxes/lines.h"

#include <algorithm>
#include <string>
#include <utility>

#include "boxes/event_json.h"

namespace piste::boxes {
namespace {

constexpr double usual_error = 0.1;  // s, where the sender tells none

template <class T>
concept OneSided = requires(T event) { event.side; };

void swap_sides(What& what) {
  std::visit(
      [](auto& event) {
        if constexpr (OneSided<decltype(event)>) event.side = types::opposite(event.side);
      },
      what);
  if (auto* score = std::get_if<Score>(&what)) std::swap(score->points.left, score->points.right);
  if (auto* match = std::get_if<Match>(&what)) match->fields = with_sides_swapped(match->fields);
  if (auto* given = std::get_if<PriorityGiven>(&what)) {
    if (given->to != Priority::none)
      given->to = given->to == Priority::left ? Priority::right : Priority::left;
  }
}

}  // namespace

void Lines::take(std::span<const std::uint8_t> bytes, std::optional<double> received, Events& out) {
  received_ = received;
  for (const std::uint8_t byte : bytes) {
    if (const auto whole = lines_.next(static_cast<char>(byte))) line(*whole, out);
  }
}

void Lines::finish(Events& out) {
  if (const auto whole = lines_.rest()) line(*whole, out);
}

void Lines::line(std::string_view line, Events& out) {
  ++number_;
  auto told = parse_event(line);
  if (!told) {
    tally_.stray_bytes += line.size();
    if (tally_.problem.empty())
      tally_.problem = "line " + std::to_string(number_) + ": " + told.error().message;
    return;
  }
  const Moment when = moment(told->at, told->error);
  if (swap_sides_) swap_sides(told->what);
  if (const Link* link = std::get_if<Link>(&told->what)) {
    ++tally_.messages;
    if (!link->on) return news_.lost(when, link->note, out);
  }
  if (std::holds_alternative<Link>(told->what)) return news_.tell({}, when, false, out);
  tell({}, when, false, when.at, out);  // the link is up
  out.push_back({std::move(told->what), when});
}

Moment Lines::moment(std::optional<double> at, std::optional<double> error) {
  if (at && received_) {
    to_ours_ = std::min(to_ours_.value_or(*received_ - *at), *received_ - *at);
    *at += *to_ours_;
  }
  last_ = at ? *at : received_ ? *received_ : last_;
  return {last_, error.value_or(usual_error)};
}

}  // namespace piste::boxes
