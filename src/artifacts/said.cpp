#include "artifacts/said.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "artifacts/moments.h"

namespace piste::artifacts {
namespace {

constexpr double least = .3;  // s, that can be read

std::string shown_name(const std::string& kind) {
  std::string name = kind;
  for (char& c : name)
    c = c == '_' || c == '-' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// Of several actions the one that began last.
const types::Action* action_at(const types::Verdict& verdict, types::Side side, double time) {
  const types::Action* now = nullptr;
  for (const auto& action : verdict.actions) {
    if (action.side != side || time < action.start || time > action.end) continue;
    if (!now || action.start >= now->start) now = &action;
  }
  return now;
}

Said what_at(const types::Analysis& analysis, types::Side side, double time) {
  for (const auto& lapse : analysis.verdict.quality.fencers[side].lapses) {
    if (time >= lapse.start && time <= lapse.end)
      return {.text = "BADLY SEEN", .doubt = true, .from = time, .to = time};
  }
  const auto* action = action_at(analysis.verdict, side, time);
  if (!action) return {.from = time, .to = time};
  return {.text = shown_name(action->kind), .motion = motion_of(action->kind), .from = time, .to = time};
}

// Frame by frame, up to the phrase's end; what is said then stays until the fencers are grey.
std::vector<Said> as_it_is(const types::Analysis& analysis, types::Side side) {
  const auto end = end_of_phrase(analysis);
  std::vector<Said> out;
  for (const auto& point : analysis.tracks[side].points) {
    if (end && point.time > *end) break;
    Said now = what_at(analysis, side, point.time);
    if (!out.empty()) out.back().to = point.time;
    if (out.empty() || out.back().text != now.text) out.push_back(std::move(now));
  }
  if (end && !out.empty()) out.back().to = *end + grey_after;
  return out;
}

// An attack of two tenths of a second is what the coach wants to know of, a step of two tenths is not.
bool may_be_left_out(const Said& said) {
  return !said.doubt && (said.text.empty() || said.motion == Motion::forward ||
                         said.motion == Motion::still || said.motion == Motion::back);
}

}  // namespace

std::vector<Said> said_of(const types::Analysis& analysis, types::Side side) {
  std::vector<Said> out;
  for (Said next : as_it_is(analysis, side)) {
    if (out.empty()) {
      out.push_back(std::move(next));
      out.back().to = std::max(out.back().to, out.back().from + least);
      continue;
    }
    Said& before = out.back();
    next.from = std::max(next.from, before.to);
    const bool is_short = next.to - next.from < least;
    if (before.text == next.text || (is_short && may_be_left_out(next))) {
      before.to = std::max(before.to, next.to);
      continue;
    }
    next.to = std::max(next.to, next.from + least);
    out.push_back(std::move(next));
  }
  return out;
}

const Said* said_at(const std::vector<Said>& said, double time) {
  const auto after = std::upper_bound(said.begin(), said.end(), time,
                                      [](double t, const Said& one) { return t < one.from; });
  if (after == said.begin()) return nullptr;
  const Said& now = *std::prev(after);
  return time <= now.to && !now.text.empty() ? &now : nullptr;
}

}  // namespace piste::artifacts
