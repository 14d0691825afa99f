#include "recording/numbering.h"

namespace piste::recording {
namespace {

constexpr std::int64_t most_lost_at_first = 300;  // ten seconds at 30 frames/s

}  // namespace

std::int64_t first_number(std::int64_t lowest, std::int64_t highest,
                          const std::optional<std::int64_t>& total) {
  if (lowest == 0 || (total && *total > highest)) return 0;
  if (lowest == 1 || (total && *total == highest)) return 1;
  return total || lowest > most_lost_at_first ? lowest : 0;
}

}  // namespace piste::recording
