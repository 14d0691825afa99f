// A phrase that is being received: its queue of frames and the one thread that looks at them in order of
// arrival, as far as that can be decoded (decoding_order.h).
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "pipeline/analyser.h"
#include "pipeline/conclude.h"
#include "pipeline/decoding_order.h"
#include "pipeline/engine.h"
#include "pipeline/live_view.h"
#include "pipeline/shared.h"
#include "pipeline/streamed_overlay.h"
#include "pipeline/turn.h"
#include "types/said.h"
#include "video/frame_decoder.h"

namespace piste::pipeline {

class LivePhrase : public Phrase {
 public:
  LivePhrase(Shared& shared, const PhraseSettings& settings, const recording::FrameLog& log,
             PhraseObserver observer);
  ~LivePhrase() override;

  void push(std::size_t index, types::EncodedFrame frame,
            std::optional<base::ByteBudget::Lease> lease) override;
  void finish(std::string log, const types::StreamingStats& streaming) override;
  void stand_back(bool back) override;
  void abandon() override;
  void cancel() override;
  std::size_t waiting() const override;
  std::shared_ptr<const types::Bytes> picture() override { return view_.picture(); }

 private:
  struct Item {
    std::size_t index = 0;
    std::int64_t number = 0;
    bool key = true;
    types::Encoding encoding = types::Encoding::jpeg;
    std::optional<double> timestamp;
    std::shared_ptr<const types::EncodedFrame> frame;  // none: only in the log
    std::optional<base::ByteBudget::Lease> lease;
    double time = 0;  // on the tracker's clock
  };
  struct Ending {
    std::string log;
    types::StreamingStats streaming;
    Clock::time_point arrived;
  };

  void run();
  enum class Wait { no, yes };
  struct Decoded {
    std::int64_t number = 0;
    std::shared_ptr<const types::Frame> frame;  // null: it cannot be decoded
    int own_width = 0;                          // pixels of the picture as it came
    int own_height = 0;
  };
  using Decoding = std::future<Decoded>;
  void look_at_frames();
  void look_at(const Decoded& decoded);
  bool nothing_follows() const;
  void take_shape(const types::Image& image);
  void make_overlay();
  std::optional<Decoding> decode_next(Wait wait);
  Decoding decode(Item item, PictureBudget::Lease lease);
  Decoded decode_now(const Item& item, PictureBudget::Lease lease);
  std::optional<PictureBudget::Lease> room_for(types::Encoding encoding, Wait wait);
  double time_of(std::int64_t number) const;
  double live_time(const Item& item);
  void remember_size(const Decoded& decoded);
  types::Said picture_doubt() const;
  std::vector<types::Said> remarks(const types::StreamingStats& streaming) const;
  Result<Outcome> end();
  Upright put_upright(types::Tracks& tracks, const Moments& moments);
  bool cancelled() const;

  Shared& shared_;
  PhraseSettings settings_;  // its size: changed by thread_ only, before the first frame is analysed
  const recording::FrameLog& log_;
  const tracking::TrackerOptions tracker_;
  const std::size_t found_;  // frames that were in the log before: nobody knows any more when they arrived
  const PhraseObserver observer_;
  LiveView view_;
  Analyser analyser_;                       // used by thread_ only
  std::optional<StreamedOverlay> overlay_;  // used by thread_ only; none: not asked for
  video::FrameDecoder decoder_;             // used by one decoding at a time, the next one waits for it
  std::vector<std::int64_t> undecodable_;   // used by thread_ only; numbers
  std::int64_t resized_ = 0;                // used by thread_ only; frames of another size than announced
  Decoded first_resized_;                   // used by thread_ only
  std::int64_t stretched_ = 0;              // used by thread_ only; those of another shape
  double analysis_seconds_ = 0;             // used by thread_ only
  std::int64_t looked_at_after_log_ = 0;    // used by thread_ only

  // The tracker's clock where timestamps are those of capture; used by thread_ only.
  std::optional<double> origin_;
  std::int64_t last_number_ = -1;
  double last_time_ = 0;

  std::atomic<bool> stands_back_ = false;
  mutable base::Mutex mutex_;
  base::Condition changed_;
  Moments::Arrivals arrivals_ GUARDED_BY(mutex_);  // by index in the log
  DecodingOrder<Item> queue_ GUARDED_BY(mutex_);
  std::size_t in_work_ GUARDED_BY(mutex_) = 0;
  std::optional<Ending> finished_ GUARDED_BY(mutex_);
  bool cancelled_ GUARDED_BY(mutex_) = false;

  std::mutex joining_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::pipeline
