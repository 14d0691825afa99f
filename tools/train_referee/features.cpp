// referee_features ROWS.jsonl[.gz]: what the model sees of each both-lamps row, through the code that serves.
// First line: the features' names. Then lines of: id, kind (places | displacements), the left fencer's
// values, the right one's.
#include <cstdio>

#include "referee/features.h"
#include "rows/line_file.h"
#include "scoring/log.h"

namespace {

using namespace piste;

struct Moment {
  double touch;
  std::vector<double> contacts;
};

// Nothing where not both lamps lit.
std::optional<Moment> moment_of(const rows::Row& row) {
  if (row.touch_time) return Moment{*row.touch_time, {}};
  const auto log = scoring::parse_log(row.signal);
  if (!log || log->phrase.touches.size() < 2) return std::nullopt;
  return Moment{log->phrase.touches.front().time, log->phrase.blade_contacts};
}

void print(const rows::Row& row) {
  const auto moment = moment_of(row);
  if (!moment) return;
  const auto motion = referee::measure(row.tracks, moment->touch);
  if (motion.empty()) return;
  const auto fencers = referee::describe(motion, moment->contacts);
  std::printf("%s %s", row.id.c_str(), motion.displacements ? "displacements" : "places");
  for (const auto side : types::both_sides)
    for (const double value : fencers[side].values) std::printf(" %.17g", value);
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: referee_features ROWS.jsonl[.gz]\n"), 2;
  auto file = rows::LineFile::open(argv[1]);
  if (!file) return std::fprintf(stderr, "%s\n", file.error().message.c_str()), 1;
  for (const auto& feature : referee::features())
    std::printf("%s%s", std::string(feature.name).c_str(), feature.needs_places ? "* " : " ");
  std::printf("\n");
  while (true) {
    const auto line = file.value().next();
    if (!line) return std::fprintf(stderr, "%s\n", line.error().message.c_str()), 1;
    if (!line.value()) return 0;
    const auto row = rows::parse_row(*line.value());
    if (row) print(row.value());
  }
}
