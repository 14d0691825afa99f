// Where a sender's frame numbers begin. The guide's begin at 0, others' at 1, or wherever the counter of a
// camera stands that has been running for days. They are kept as they came, everywhere; what is counted from
// their beginning is time, and what is missing.
#pragma once

#include <cstdint>
#include <optional>

namespace piste::recording {

// lowest, highest: of the numbers that have come. total: how many the sender has counted, where it has said
// so.
//
// 0, where the numbers are those from 0 to total - 1 with the first of them lost, or, without a total, where
// the lowest is so low that the first ones may be lost. 1, where they are those from 1 to total. Else the
// lowest.
std::int64_t first_number(std::int64_t lowest, std::int64_t highest,
                          const std::optional<std::int64_t>& total);

}  // namespace piste::recording
