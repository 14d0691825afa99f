#include "pipeline/engine.h"

#include <algorithm>

#include "pipeline/clean_film.h"
#include "pipeline/clip.h"
#include "pipeline/evidence.h"
#include "pipeline/frame_picture.h"
#include "pipeline/live_bout.h"
#include "pipeline/live_phrase.h"
#include "pipeline/look.h"
#include "pipeline/shared.h"
#include "pipeline/turn.h"
#include "scoring/log.h"
#include "video/codec.h"
#include "video/reader.h"

namespace piste::pipeline {
namespace {

class RealEngine : public Engine {
 public:
  explicit RealEngine(std::unique_ptr<Shared> shared) : shared_(std::move(shared)) {}

  std::unique_ptr<Phrase> start(const PhraseSettings& settings, const recording::FrameLog& log,
                                PhraseObserver observer) override {
    return std::make_unique<LivePhrase>(*shared_, settings, log, std::move(observer));
  }
  std::unique_ptr<Bout> start_bout(const PhraseSettings& settings, const recording::FrameLog& log,
                                   BoutObserver observer) override {
    return std::make_unique<LiveBout>(*shared_, settings, log, std::move(observer));
  }
  Result<base::Done> keep_video(const recording::FrameLog& log,
                                const std::filesystem::path& directory) const override {
    const Moments moments(log, {.fps = log.description().fps});
    const auto kept = StreamedFootage(log, moments, nullptr).keep_video(directory, [](double) {});
    return kept ? Result<base::Done>(base::Done{}) : kept.error();
  }
  Result<base::Done> make_clean_film(const std::filesystem::path& directory,
                                     const std::function<bool()>& cancelled) const override {
    return pipeline::make_clean_film(directory, cancelled);
  }
  Result<types::Bytes> frame_picture(const std::filesystem::path& directory, std::int64_t number,
                                     int width) const override {
    return pipeline::frame_picture(directory, number, width);
  }
  Result<types::Bytes> clip(const std::filesystem::path& directory, const Clip& clip,
                            const std::function<bool()>& cancelled) const override {
    return make_clip(directory, clip, cancelled);
  }
  Result<Outcome> analyze_file(const PhraseSettings& settings, const std::filesystem::path& video,
                               const std::string& log,
                               const std::function<void(const Progress&)>& on_progress,
                               const std::function<bool()>& cancelled) override;
  Result<FrameCheck> check_frame(const types::EncodedFrame& frame) const override {
    const auto checked = video::inspect(frame.encoding, *frame.bytes, frame.width, frame.height);
    if (!checked) return Error{ErrorCode::frame, checked.error().message};
    return FrameCheck{checked->key};
  }
  Result<types::SeenFencers> look(types::Bytes picture) override {
    return look_at_picture(*shared_, std::move(picture));
  }
  Result<base::Done> check_log(std::string_view log) const override {
    const auto parsed = scoring::parse_log(log, {shared_->options.sides_swapped, shared_->options.weapon});
    if (!parsed) return Error{ErrorCode::log, parsed.error().message};
    return base::Done{};
  }

 private:
  using Read = video::Result<std::shared_ptr<const types::Frame>>;  // null: the end
  using Ahead = std::future<Read>;
  Result<base::Done> look_at_file(video::Reader& reader, Analyser& analyser,
                                  const std::function<void(const Progress&)>& on_progress,
                                  const std::function<bool()>& cancelled);
  const std::unique_ptr<Shared> shared_;
};

// The next frame is decoded on a worker while the poses of the current one are found.
Result<base::Done> RealEngine::look_at_file(video::Reader& reader, Analyser& analyser,
                                            const std::function<void(const Progress&)>& on_progress,
                                            const std::function<bool()>& cancelled) {
  const std::size_t bytes = picture_bytes(reader.info().width, reader.info().height, types::Encoding::raw);
  const auto read = [&](PictureBudget::Lease lease) {
    return shared_->workers.run(analyser.lane(), [&reader, lease = std::move(lease)]() mutable -> Read {
      auto next = reader.next();
      if (!next) return Read(next.error());
      if (!*next) return Read(nullptr);
      return Read(counted(std::move(**next), std::move(lease)));
    });
  };
  const auto is_cancelled = [&] { return cancelled && cancelled(); };
  const auto read_next = [&]() -> Ahead {
    auto room = shared_->pictures.acquire(bytes, is_cancelled);
    return room ? read(std::move(*room)) : Ahead();
  };
  const double total = static_cast<double>(std::max<std::int64_t>(1, reader.info().frame_count));
  Ahead ahead = read_next();
  const WaitAtExit wait(ahead);
  while (true) {
    if (!ahead.valid() || is_cancelled()) return Error{ErrorCode::cancelled, "the analysis was cancelled"};
    auto next = ahead.get();
    if (!next) return Error{ErrorCode::video, next.error().message};
    if (!*next) break;
    auto room = shared_->pictures.try_acquire(bytes);
    ahead = room ? read(std::move(*room)) : Ahead();
    analyser.add(std::exchange(*next, nullptr));
    if (!ahead.valid()) ahead = read_next();
    on_progress({"yolo",
                 std::min(.99, static_cast<double>(analyser.frames()) / total),
                 "Finding the fencers...",
                 {}});
  }
  if (analyser.frames() == 0) return Error{ErrorCode::video, "the video holds no frame that can be decoded"};
  return base::Done{};
}

// The file's frames once more. It could be read before: should it not be any more, it ends.
NextFrame frames_of(const std::filesystem::path& video, const std::function<bool()>& cancelled) {
  const auto reader = std::make_shared<std::unique_ptr<video::Reader>>();
  return [reader, video, cancelled]() -> std::shared_ptr<const types::Frame> {
    if (!*reader) {
      auto opened = video::Reader::open_file(video);
      if (!opened) return nullptr;
      *reader = std::move(*opened);
    }
    if (cancelled && cancelled()) return nullptr;
    auto frame = (*reader)->next();
    if (!frame || !*frame) return nullptr;
    return std::make_shared<const types::Frame>(std::move(**frame));
  };
}

// A file without times: by the numbers, at the rate that the log tells.
void count_frames(Material& material, const recording::Evidence& evidence) {
  std::vector<recording::Stamp> stamps;
  for (const auto& point : material.tracks.left.points) stamps.push_back({point.number, std::nullopt});
  if (stamps.empty()) return;
  auto timeline = recording::make_timeline(stamps, evidence);
  const double before = static_cast<double>(stamps.front().number) * timeline.frame_time;
  for (const types::Side side : types::both_sides) {
    auto& points = material.tracks[side].points;
    for (std::size_t i = 0; i < points.size(); ++i) points[i].time = timeline.times.at(i) + before;
  }
  material.settings.fps = 1 / timeline.frame_time;
  material.warnings = std::move(timeline.warnings);
  material.clock_doubt = std::move(timeline.doubt);
}

Result<Outcome> RealEngine::analyze_file(const PhraseSettings& asked, const std::filesystem::path& video,
                                         const std::string& log,
                                         const std::function<void(const Progress&)>& on_progress,
                                         const std::function<bool()>& cancelled) {
  const auto start = Clock::now();
  if (!log.empty()) {
    if (const auto checked = check_log(log); !checked) return checked.error();
    if (!asked.hits.empty()) return Error{ErrorCode::log, "give the scoring log or the hits, not both"};
  }
  auto reader = video::Reader::open_file(video);
  if (!reader) return Error{ErrorCode::video, reader.error().message};
  Material material;
  material.settings = asked;
  material.settings.width = (*reader)->info().width;
  material.settings.height = (*reader)->info().height;
  material.settings.fps = (*reader)->info().fps;
  const auto& settings = material.settings;
  if (const auto objection = types::objection_to(settings.marks, settings.width, settings.height);
      !objection.empty())
    return Error{ErrorCode::video, objection};
  const auto tracker = tracker_options(*shared_, settings);
  Analyser analyser(shared_->models, shared_->workers, tracker, lamp_places(asked, shared_->options));
  if (const auto looked = look_at_file(**reader, analyser, on_progress, cancelled); !looked)
    return looked.error();
  on_progress({"yolo", 1, "All frames looked at", {}});
  material.camera = analyser.motion();
  material.tracks = analyser.finish(material.camera);
  material.lamps = analyser.seen_lamps();
  material.upright = put_upright(material.tracks, shared_->models, shared_->workers, tracker,
                                 [&] { return frames_of(video, cancelled); });
  if (!(*reader)->info().has_times) {
    material.settings.timestamps = types::Timestamps::none;
    count_frames(material, evidence_of(log, settings, shared_->options));
  }
  material.log = log;
  material.streaming.frames_received = analyser.frames();
  material.undecodable_frames = (*reader)->damaged();
  material.time_source = (*reader)->info().has_times ? "container" : "numbers";
  material.timings.emplace_back("yolo", seconds_since(start));
  material.log_arrived = start;
  return conclude(std::move(material), FileFootage(video),
                  {shared_->options, shared_->lens, shared_->workers, analyser.lane(), on_progress,
                   [&] { return cancelled && cancelled(); }});
}

}  // namespace

types::LampPlaces lamp_places(const PhraseSettings& settings, const EngineOptions& options) {
  auto places = settings.lamps.value_or(options.lamps);
  places.white = settings.weapon.value_or(options.weapon) == types::Weapon::foil;
  return places;
}

Result<std::unique_ptr<Engine>> make_engine(const EngineOptions& options) {
  auto shared = load_shared(options);
  if (!shared) return shared.error();
  return make_engine(std::move(*shared));
}

std::unique_ptr<Engine> make_engine(std::unique_ptr<Shared> shared) {
  return std::make_unique<RealEngine>(std::move(shared));
}

}  // namespace piste::pipeline
