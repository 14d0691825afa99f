#include "eyes_company.h"

#include <array>
#include <cmath>
#include <map>
#include <string>

#include "annotated_clip.h"
#include "drawn_phrases.h"
#include "pose_clip.h"
#include "report.h"

namespace piste::bench {
namespace {

using types::Side;

struct Hall {
  const char* name;
  render::CompanyOptions company;
};
constexpr std::array<Hall, 5> halls{{{"spectators", {.spectators = 16}},
                                     {"referee", {.referee = true}},
                                     {"other piste", {.other_piste = true}},
                                     {"passer-by", {.passer_by = true}},
                                     {"all", {16, true, true, true}}}};

constexpr int every = 5;  // frames from one mark to the next

// The drawn fencers as a person would mark them.
AnnotatedClip marked(const std::string& name, const render::Renderer& renderer) {
  AnnotatedClip clip{name, renderer.frames() - 1, {}};
  for (int i = 0; i < renderer.frames(); i += every) {
    const auto truth = renderer.truth(i);
    for (const Side side : types::both_sides) {
      const auto& points = truth[side];
      const auto& left = points[types::joint::left_hip];
      const auto& right = points[types::joint::right_hip];
      const auto [top, bottom] = std::ranges::minmax(points, {}, &types::Keypoint::y);
      clip.frames[i][side] = Mark{(left.x + right.x) / 2, (left.y + right.y) / 2, bottom.y - top.y};
    }
  }
  return clip;
}

types::Tracks tracks_of(const FromPixels& pixels) {
  types::Tracks tracks;
  const auto found = keypoints_in(pixels.result);
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const Side side : types::both_sides) {
      types::TrackPoint& point = tracks[side].points.emplace_back();
      point.number = static_cast<std::int64_t>(i);
      point.keypoints = found[i][side];
    }
  }
  return tracks;
}

struct Sum {
  Found found;
  double phrases = 0;
  double same = 0;
};

void report_sum(const std::string& name, const Sum& sum) {
  report("company " + name, sum.found);
  report("eyes", "company " + name + ": verdicts",
         {{"phrases", sum.phrases}, {"same_verdict", sum.phrases > 0 ? sum.same / sum.phrases : 0}});
}

}  // namespace

void measure_company(const EyesCompany& options) {
  const auto engine = engine_of(options.models);
  const auto rows = drawable_rows(options.rows, options.phrases);
  const std::size_t end = std::min(rows.size(), options.from + options.count);
  std::map<std::string, Sum> sums;
  for (std::size_t i = options.from; i < end; ++i) {
    const auto& row = rows[i];
    const FromPixels alone = judge(*engine, row, renderer_of(row));
    for (const Hall& hall : halls) {
      const auto renderer = renderer_of(row, {}, hall.company);
      const FromPixels pixels = judge(*engine, row, renderer);
      const std::string name = std::string(hall.name) + " " + row.id;
      const Found found = compare(tracks_of(pixels), marked(name, renderer));
      Sum& sum = sums[hall.name];
      sum.found += found;
      ++sum.phrases;
      sum.same += pixels.winner == alone.winner ? 1 : 0;
      report("company " + name, found);
      report("eyes", "company " + name + ": verdict",
             {{"same_verdict", pixels.winner == alone.winner ? 1. : 0.},
              {"confidence_alone", alone.confidence},
              {"confidence", pixels.confidence}});
    }
  }
  Sum all;
  for (const auto& [name, sum] : sums) {
    report_sum(name, sum);
    all.found += sum.found;
    all.phrases += sum.phrases;
    all.same += sum.same;
  }
  report_sum("in every hall", all);
}

}  // namespace piste::bench
