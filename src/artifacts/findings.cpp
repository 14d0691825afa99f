#include "artifacts/findings.h"

#include <algorithm>

namespace piste::artifacts {
namespace {

constexpr std::size_t most = 3;

bool speaks_for(const types::Finding& finding, types::Winner winner) {
  if (winner == types::Winner::none || winner == types::Winner::both) return true;
  return !finding.favours || types::winner_of(*finding.favours) == winner;
}

}  // namespace

std::vector<const types::Finding*> decisive_findings(const types::Verdict& verdict) {
  std::vector<const types::Finding*> found;
  for (const auto& finding : verdict.trace) {
    const bool counts = finding.weight > 0 && !finding.text.empty();
    if (counts && speaks_for(finding, verdict.winner)) found.push_back(&finding);
  }
  const auto is_named = [](const auto* finding) { return finding->named; };
  if (std::any_of(found.begin(), found.end(), is_named))
    std::erase_if(found, [&](const auto* finding) { return !is_named(finding); });
  // Ties in the order of the trace, which the pointers keep.
  std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) {
    return a->weight != b->weight ? a->weight > b->weight : a < b;
  });
  if (found.size() > most) found.resize(most);
  std::sort(found.begin(), found.end(),
            [](const auto* a, const auto* b) { return a->time != b->time ? a->time < b->time : a < b; });
  return found;
}

std::string headline(types::Winner winner) {
  switch (winner) {
    case types::Winner::left:
      return "TOUCH LEFT";
    case types::Winner::right:
      return "TOUCH RIGHT";
    case types::Winner::both:
      return "DOUBLE TOUCH";
    default:
      return "NO TOUCH";
  }
}

}  // namespace piste::artifacts
