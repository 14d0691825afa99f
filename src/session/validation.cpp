#include "session/validation.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/text.h"
#include "recording/numbering.h"

namespace piste::session {
namespace {

constexpr std::size_t gaps_listed = 5;

// "1 frame is", "3 frames are"
std::string frames(std::int64_t count, const char* singular, const char* plural) {
  return base::plural(count, "frame") + " " + (count == 1 ? singular : plural);
}

// The numbers that were due: [begin, end).
struct ExpectedNumbers {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

ExpectedNumbers due(const base::IntervalSet& received, const std::optional<std::int64_t>& total_frames) {
  const std::int64_t begin = first_number(received, total_frames);
  return {begin, std::max(received.highest() + 1, begin + total_frames.value_or(0))};
}

// ": 3, 7-12" and where there are more ", ..."
std::string list_gaps(const base::IntervalSet& received, ExpectedNumbers numbers) {
  const auto gaps = received.gaps(numbers.begin, numbers.end, gaps_listed + 1);
  return gaps.empty() ? "" : ": " + base::listed(gaps, gaps_listed);
}

std::optional<std::string> too_few(std::int64_t count) {
  if (count == 0) return "No frames were received";
  if (count >= fewest_frames) return std::nullopt;
  return std::string("Only ") + frames(count, "was", "were") + " received; a sound verdict needs at least " +
         std::to_string(fewest_frames);
}

}  // namespace

std::int64_t first_number(const base::IntervalSet& received,
                          const std::optional<std::int64_t>& total_frames) {
  return recording::first_number(received.lowest(), received.highest(), total_frames);
}

std::int64_t missing_frames(const base::IntervalSet& received,
                            const std::optional<std::int64_t>& total_frames) {
  const ExpectedNumbers numbers = due(received, total_frames);
  return numbers.end - numbers.begin - received.count();
}

protocol::Validation validate(const types::StreamingStats& stats, const base::IntervalSet& received,
                              const Ending& ending) {
  protocol::Validation result;
  result.frame_count = stats.frames_received;
  result.missing_frames = missing_frames(received, ending.total_frames);
  result.duplicate_frames = stats.duplicate_frames;
  result.out_of_order_frames = stats.out_of_order_frames;
  result.rejected_frames = stats.rejected_frames;
  result.size_mismatches = stats.size_mismatches;
  result.has_signal = ending.has_signal;

  auto& issues = result.issues;
  if (!ending.problem.empty()) issues.push_back(ending.problem);
  if (auto issue = too_few(received.count())) issues.push_back(std::move(*issue));
  if (result.missing_frames > 0) {
    issues.push_back(
        frames(result.missing_frames, "is", "are") + " missing" +
        list_gaps(received, due(received, ending.total_frames)) +
        (ending.h264 ? "; H.264 frames after a missing one are lost up to the next key frame" : ""));
  }
  const std::int64_t first = first_number(received, ending.total_frames);
  if (ending.total_frames && received.highest() - first >= *ending.total_frames) {
    issues.push_back("total_frames is " + std::to_string(*ending.total_frames) + ", but frame number " +
                     std::to_string(received.highest()) + " was received (numbers start at " +
                     std::to_string(first) + ")");
  }
  if (stats.out_of_order_frames > 0) {
    issues.push_back(frames(stats.out_of_order_frames, "came", "came") +
                     " late, after a frame with a higher number");
  }
  if (stats.rejected_frames > 0) {
    issues.push_back(frames(stats.rejected_frames, "was", "were") + " not accepted");
  }
  result.valid = issues.empty();
  return result;
}

}  // namespace piste::session
