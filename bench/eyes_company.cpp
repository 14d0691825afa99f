#include "eyes_company.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "annotated_clip.h"
#include "drawn_phrases.h"
#include "pipeline/analyser.h"
#include "pose_clip.h"
#include "pose_pictures.h"
#include "referee/decide.h"
#include "remembered_poses.h"
#include "report.h"
#include "video/codec.h"

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

struct Judged {
  types::Tracks tracks;
  std::string winner;
  double confidence = 0;
  bool review = false;
  double doubt = 0;  // of who fences, in the last second before the hit: of the one who is less sure
};

double doubt_of(const FromPixels& pixels) {
  const boost::json::value quality = boost::json::parse(pixels.result).at("quality");
  const auto of = [&](const char* side) {
    return quality.at(side).at("last_second").at("doubt").to_number<double>();
  };
  return std::max(of("left"), of("right"));
}

double doubt_of(const types::Quality& quality) {
  return std::max(quality.fencers.left.last_second.doubt, quality.fencers.right.last_second.doubt);
}

// One film after the other: by the whole pipeline, or with a cache by its eyes and the referee alone.
class Judge {
 public:
  explicit Judge(const EyesCompany& options) : options_(options) {
    if (options.cache.empty())
      engine_ = engine_of(options.models);
    else
      models_ = {must(pose::Detector::load(options.models / "movenet-multipose.onnx", {})),
                 must(pose::SinglePose::load(options.models / "movenet-thunder-int8.onnx", {}))};
  }

  Judged operator()(const std::string& name, const rows::Row& row, const render::Renderer& renderer) const {
    if (!engine_) return from_cache(name, renderer);
    FromPixels pixels = judge(*engine_, row, renderer);
    return {tracks_of(pixels), std::move(pixels.winner), pixels.confidence, pixels.review, doubt_of(pixels)};
  }

 private:
  Judged from_cache(const std::string& name, const render::Renderer& renderer) const;
  void draw(const std::string& name, const recording::FrameLog& film, const render::Renderer& renderer,
            const types::Tracks& tracks) const;

  const EyesCompany& options_;
  std::unique_ptr<pipeline::Engine> engine_;
  pipeline::Models models_;
};

Judged Judge::from_cache(const std::string& name, const render::Renderer& renderer) const {
  const auto stem = options_.cache / name;
  std::filesystem::create_directories(options_.cache);
  const std::filesystem::path kept = stem.string() + ".frames";
  const auto film =
      std::filesystem::exists(kept) ? must(recording::FrameLog::open(kept)) : filmed(renderer, kept);
  const pipeline::Models models = remembering(models_, stem);
  pipeline::Workers workers(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  pipeline::Analyser analyser(
      models, workers,
      {film_width, film_height, renderer.options().fps, 0.33, models.detector->precise(), {}},
      types::nowhere);
  for (std::size_t i = 0; i < film->size(); ++i) {
    const auto encoded = must(film->read(i));
    analyser.add(std::make_shared<const types::Frame>(
        types::Frame{encoded.number, *encoded.timestamp, 1, must(video::decode(encoded))}));
  }
  types::Tracks tracks = analyser.finish(analyser.motion());
  if (!options_.pictures.empty()) draw(name, *film, renderer, tracks);
  const types::Verdict verdict = referee::decide(tracks, renderer.scene().phrase);
  return {std::move(tracks), std::string(to_string(verdict.winner)), verdict.confidence, verdict.review,
          doubt_of(verdict.quality)};
}

void Judge::draw(const std::string& name, const recording::FrameLog& film, const render::Renderer& renderer,
                 const types::Tracks& tracks) const {
  Clip clip{film_width, film_height, renderer.options().fps, {}, {}};
  for (std::size_t i = 0; i < film.size(); ++i) clip.frames.push_back(must(film.read(i)));
  draw_pictures(options_.pictures / name, clip, tracks,
                reference_of(marked(name, renderer), clip.frames.size()), every);
}

constexpr double misled_from = .1;  // of the marks that are wrong

struct Sum {
  Found found;
  double phrases = 0;
  double same = 0;
  double surest_other = 0;  // confidence of a verdict that is not that of the phrase alone
  double misled = 0;        // somebody else was followed ...
  double misled_sure = 0;   // ... and nobody is asked to look
  double sent = 0;          // the two were followed, and a person is asked who was not for the phrase alone

  void operator+=(const Sum& other) {
    found += other.found;
    phrases += other.phrases;
    same += other.same;
    surest_other = std::max(surest_other, other.surest_other);
    misled += other.misled;
    misled_sure += other.misled_sure;
    sent += other.sent;
  }
};

Sum sum_of(const Found& found, const Judged& judged, const Judged& alone) {
  const bool same = judged.winner == alone.winner;
  const bool misled = found.wrong > misled_from * found.all();
  return {found,
          1,
          same ? 1. : 0.,
          same ? 0. : judged.confidence,
          misled ? 1. : 0.,
          misled && !judged.review ? 1. : 0.,
          !misled && judged.review && !alone.review ? 1. : 0.};
}

void report_sum(const std::string& name, const Sum& sum) {
  report("company " + name, sum.found);
  report("eyes", "company " + name + ": verdicts",
         {{"phrases", sum.phrases},
          {"same_verdict", sum.phrases > 0 ? sum.same / sum.phrases : 0},
          {"surest_other", sum.surest_other},
          {"misled", sum.misled},
          {"misled_sure", sum.misled_sure},
          {"sent", sum.sent}});
}

std::vector<rows::Row> chosen(const EyesCompany& options) {
  auto all = drawable_rows(options.rows, options.phrases);
  std::vector<rows::Row> half;
  for (std::size_t i = options.held_back ? 1 : 0; i < all.size(); i += 2) half.push_back(std::move(all[i]));
  return half;
}

bool wanted(const EyesCompany& options, const Hall& hall) {
  return options.only.empty() || std::ranges::find(options.only, hall.name) != options.only.end();
}

}  // namespace

std::vector<std::string> company_halls() {
  std::vector<std::string> names;
  for (const Hall& hall : halls) names.emplace_back(hall.name);
  return names;
}

void measure_company(const EyesCompany& options) {
  const Judge judged(options);
  const auto rows = chosen(options);
  const std::size_t end = std::min(rows.size(), options.from + options.count);
  std::map<std::string, Sum> sums;
  for (std::size_t i = options.from; i < end; ++i) {
    const auto& row = rows[i];
    const auto renderer_alone = renderer_of(row);
    const Judged alone = judged("alone " + row.id, row, renderer_alone);
    report("company none " + row.id, compare(alone.tracks, marked("alone " + row.id, renderer_alone)));
    for (const Hall& hall : halls) {
      if (!wanted(options, hall)) continue;
      const auto renderer = renderer_of(row, {}, hall.company);
      const std::string name = std::string(hall.name) + " " + row.id;
      const Judged full = judged(name, row, renderer);
      const Sum sum = sum_of(compare(full.tracks, marked(name, renderer)), full, alone);
      report("company " + name, sum.found);
      report("eyes", "company " + name + ": verdict",
             {{"same_verdict", sum.same},
              {"confidence_alone", alone.confidence},
              {"confidence", full.confidence},
              {"review_alone", alone.review ? 1. : 0.},
              {"review", full.review ? 1. : 0.},
              {"doubt", full.doubt}});
      sums[hall.name] += sum;
    }
  }
  Sum all;
  for (const auto& [name, sum] : sums) {
    report_sum(name, sum);
    all += sum;
  }
  report_sum("in every hall", all);
}

}  // namespace piste::bench
