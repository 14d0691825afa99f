#include "app/comparison.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "base/text.h"

namespace piste::app {
namespace {

namespace json = boost::json;

struct Sums {
  std::int64_t compared = 0;
  std::int64_t changed = 0;
  std::int64_t failed = 0;
  std::int64_t by_people = 0;  // of the compared, those of which a person has said who won
  std::int64_t right_before = 0;
  std::int64_t right_now = 0;
  double moved = 0;  // the confidence, where the winner is the same: all together
  double moved_most = 0;
};

bool has_changed(const Rejudged& phrase) {
  return phrase.now && phrase.now->winner != phrase.before.winner;
}

// Nobody can be right about what a person could not tell.
bool is_call(const std::string& person) {
  return !person.empty() && person != "unclear" && person != "abstain";
}

Sums sums_of(const std::vector<Rejudged>& phrases) {
  Sums sums;
  for (const Rejudged& phrase : phrases) {
    if (!phrase.now) {
      ++sums.failed;
      continue;
    }
    ++sums.compared;
    if (is_call(phrase.person)) {
      ++sums.by_people;
      sums.right_before += phrase.before.winner == phrase.person;
      sums.right_now += phrase.now->winner == phrase.person;
    }
    if (has_changed(phrase)) {
      ++sums.changed;
      continue;
    }
    const double moved = std::abs(phrase.now->confidence - phrase.before.confidence);
    sums.moved += moved;
    sums.moved_most = std::max(sums.moved_most, moved);
  }
  return sums;
}

double mean_move(const Sums& sums) {
  const std::int64_t same = sums.compared - sums.changed;
  return same > 0 ? sums.moved / static_cast<double>(same) : 0;
}

// "left .71 ?": with a question mark where a person should look.
std::string shown(const Call& call) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%-5s %.2f%s", call.winner.c_str(), call.confidence,
                call.review ? " ?" : "");
  return text.data();
}

std::string row(const Rejudged& phrase) {
  const std::string now = phrase.now ? shown(*phrase.now) : base::escaped(phrase.failure);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%-34s  %-12s  %-8s", phrase.name.c_str(),
                shown(phrase.before).c_str(), base::escaped(phrase.person).c_str());
  return text.data() + ("  " + now) + (has_changed(phrase) ? "  changed" : "") + "\n";
}

std::string in_thousandths(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value);
  return text.data();
}

double rounded(double value) {
  return std::round(value * 1e4) / 1e4;  // as results have it
}

std::string sums_text(const Sums& sums) {
  std::string out = base::plural(sums.compared, "phrase") + " compared, the winner of " +
                    std::to_string(sums.changed) + " changed";
  if (sums.compared > sums.changed)
    out += "; of the others the confidence moved by " + in_thousandths(mean_move(sums)) + " on average, " +
           in_thousandths(sums.moved_most) + " at most";
  out += "\n";
  if (sums.by_people > 0)
    out += "as a person said: " + std::to_string(sums.right_before) + " before and " +
           std::to_string(sums.right_now) + " now, of " + std::to_string(sums.by_people) + "\n";
  if (sums.failed > 0) out += base::plural(sums.failed, "phrase") + " could not be judged\n";
  return out;
}

json::object json_of(const Call& call) {
  return {{"winner", call.winner}, {"confidence", call.confidence}, {"review", call.review}};
}

json::object json_of(const Rejudged& phrase) {
  json::object out{{"phrase", phrase.name},
                   {"person", phrase.person.empty() ? json::value() : json::value(phrase.person)},
                   {"before", json_of(phrase.before)},
                   {"now", nullptr},
                   {"changed", has_changed(phrase)},
                   {"confidence_moved", nullptr},
                   {"failure", nullptr}};
  if (!phrase.now) {
    out["failure"] = base::escaped(phrase.failure);
    return out;
  }
  out["now"] = json_of(*phrase.now);
  if (!has_changed(phrase))
    out["confidence_moved"] = rounded(phrase.now->confidence - phrase.before.confidence);
  return out;
}

}  // namespace

std::string comparison_table(const std::vector<Rejudged>& phrases) {
  std::string rows;
  for (const Rejudged& phrase : phrases) {
    if (!phrase.now || shown(*phrase.now) != shown(phrase.before)) rows += row(phrase);
  }
  std::array<char, 96> head{};
  std::snprintf(head.data(), head.size(), "%-34s  %-12s  %-8s  %s\n", "phrase", "before", "person", "now");
  return (rows.empty() ? "" : head.data() + rows) + sums_text(sums_of(phrases));
}

json::object comparison_json(const std::vector<Rejudged>& phrases) {
  json::array all;
  for (const Rejudged& phrase : phrases) all.push_back(json_of(phrase));
  const Sums sums = sums_of(phrases);
  return {{"compared", sums.compared},
          {"changed", sums.changed},
          {"failed", sums.failed},
          {"confidence_moved_mean", rounded(mean_move(sums))},
          {"confidence_moved_most", rounded(sums.moved_most)},
          {"judged_by_people", sums.by_people},
          {"right_before", sums.right_before},
          {"right_now", sums.right_now},
          {"phrases", std::move(all)}};
}

}  // namespace piste::app
