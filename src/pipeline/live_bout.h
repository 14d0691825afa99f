// A bout that is being received: every frame is looked at as it comes, the cutter hears what is told, and a
// phrase that is over is cut out of what was looked at and handed to the judge.
//
// The tracker begins anew where a phrase may begin: behind the one before, and where the box's clock starts.
// Frames that were looked at already are then looked at again; so it knows nothing of what went on before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/mutex.h"
#include "bout/cutter.h"
#include "lamps/watch.h"
#include "pipeline/bout_hearing.h"
#include "pipeline/bout_judge.h"
#include "pipeline/bout_phrase.h"
#include "pipeline/engine.h"
#include "pipeline/kept_frames.h"
#include "pipeline/live_view.h"
#include "pipeline/picture_budget.h"
#include "pipeline/shared.h"
#include "video/frame_decoder.h"

namespace piste::pipeline {

class LiveBout : public Bout {
 public:
  LiveBout(Shared& shared, const PhraseSettings& settings, const recording::FrameLog& log,
           BoutObserver observer);
  ~LiveBout() override;

  void push(std::size_t index, types::EncodedFrame frame,
            std::optional<base::ByteBudget::Lease> lease) override;
  void tell(const types::box::Event& event, Told by) override;
  void finish(std::string log, const types::StreamingStats& streaming) override;
  void stand_back(bool back) override;
  void abandon() override;
  void cancel() override;
  std::size_t waiting() const override;
  std::shared_ptr<const types::Bytes> picture() override { return view_.picture(); }
  std::vector<BoutPhrase> phrases_from(int number) const override { return judge_.phrases_from(number); }

 private:
  struct Decoded {
    Stretch::Shown shown;
    bool sound = false;                         // it was decoded, or what it brings for those behind it
    std::shared_ptr<const types::Frame> frame;  // nothing: nobody looks at it
  };
  using Decoding = std::future<Decoded>;
  enum class Wait { no, yes };
  static constexpr double for_ever = std::numeric_limits<double>::infinity();

  void run();
  void look_at_all();
  bool await_news();
  bool frames_wait() const REQUIRES(mutex_);
  // What was told.
  void hear(double until);
  void hear(const types::box::Event& event);
  void hear_clock(const types::box::Clock& clock, const types::box::Moment& moment);
  types::box::Events watch(const Decoded& decoded);
  // Frames.
  bool look_at_next();
  void look_at(const Decoded& decoded);
  void show(const Decoded& decoded);
  std::optional<Decoding> decode_next(Wait wait);
  void begin(double time);
  Decoding decode(KeptFrames::Item item, std::int64_t number, PictureBudget::Lease room);
  void begin_stretch(double from);
  // Phrases.
  void cut(double until);
  void take(const bout::Cut& cut);
  bool cancelled() const;

  Shared& shared_;
  const PhraseSettings settings_;
  const recording::FrameLog& log_;
  const std::size_t found_;  // frames that were in the log before
  const BoutObserver observer_;
  BoutJudge judge_;
  LiveView view_;

  // Used by thread_ only.
  bout::Cutter cutter_;
  std::optional<bout::Cut> cut_;  // the next one, not all of which has been looked at
  std::optional<bool> clock_runs_;
  double last_hit_ = 0;  // s
  double free_from_ = 0;
  double looked_ = 0;  // until then, s
  double zero_ = 0;    // s: of the first frame
  std::unique_ptr<Stretch> stretch_;
  double looks_from_ = 0;                       // s; frames before it are decoded only for those behind them
  std::optional<video::FrameDecoder> decoder_;  // of the stretch; used by one decoding at a time
  std::optional<Decoding> ahead_;
  double planned_ = 0;  // time of the last frame that was, or is being, decoded
  std::optional<lamps::Watch> watch_;
  double watched_ = 0;

  mutable base::Mutex mutex_;
  base::Condition changed_;
  KeptFrames frames_ GUARDED_BY(mutex_);
  BoutHearing hearing_ GUARDED_BY(mutex_);
  bool finished_ GUARDED_BY(mutex_) = false;
  bool cancelled_ GUARDED_BY(mutex_) = false;
  std::shared_ptr<Workers::Lane> lane_ GUARDED_BY(mutex_);  // of the stretch
  bool stands_back_ GUARDED_BY(mutex_) = false;

  std::mutex joining_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::pipeline
