// The overlay of a phrase that is being received. What lies some seconds back is drawn while the phrase goes
// on, at low priority; the rest, where the action is that decides, is drawn when the verdict is known. So
// little is left to do at the end, however long the phrase was.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/artifacts.h"
#include "pipeline/engine.h"
#include "pipeline/moments.h"
#include "pipeline/picture_budget.h"
#include "pipeline/workers.h"
#include "recording/frame_log.h"
#include "types/analysis.h"
#include "video/writer.h"

namespace piste::pipeline {

// Whom the making of the overlay tells, and whom it asks.
struct OverlayListener {
  std::function<void(double)> on_progress;
  std::function<bool()> cancelled;
};

class StreamedOverlay {
 public:
  // All outlive the overlay.
  struct Threads {
    Workers& workers;
    std::shared_ptr<Workers::Lane> lane;  // the phrase's turn at them
    Workers& background;                  // of lower priority
    PictureBudget& pictures;
  };
  StreamedOverlay(const recording::FrameLog& log, const PhraseSettings& settings, types::Weapon weapon,
                  Threads threads);
  ~StreamedOverlay();  // waits for the frame that is being drawn
  StreamedOverlay(const StreamedOverlay&) = delete;
  StreamedOverlay& operator=(const StreamedOverlay&) = delete;

  // After each frame that was looked at: starts the next piece where one is due. Never waits.
  // known: the tracks as they are now, from a moment on (s); their times follow from their numbers and fps.
  void advance(std::int64_t frames, const std::function<types::Tracks(double from)>& known);
  // What is drawn already does not hold any more.
  void begin_anew();
  // Draws the rest; the file then has its name.
  Result<base::Done> finish(const types::Analysis& analysis, const Moments& moments,
                            const OverlayListener& listener);

 private:
  struct Drawn {                          // what a piece has come to
    std::unique_ptr<video::H264Run> run;  // null where no frame could be decoded
    std::string failure;
  };
  struct Piece {  // frames of the moments' places
    std::size_t first = 0;
    std::size_t end = 0;
    artifacts::Look look = artifacts::Look::whole;
    std::size_t size() const { return end - first; }
  };

  void draw_live(types::Analysis analysis);
  Drawn draw(const types::Analysis& analysis, const Moments& moments, Piece piece) const;
  bool draw_frames(artifacts::OverlayPiece& drawing, const Moments& moments, Piece piece,
                   std::string& failure) const;
  std::size_t picture_bytes() const;
  void append(const Drawn& drawn);
  bool goes_on(const Moments& moments) const;
  Piece rest(const Moments& moments) const;
  std::deque<Piece> pieces_of_rest(const types::Analysis& analysis, const Moments& moments) const;
  void draw_rest(const types::Analysis& analysis, const Moments& moments, const OverlayListener& listener);

  const recording::FrameLog& log_;
  const PhraseSettings& settings_;
  const types::Weapon weapon_;
  const std::filesystem::path path_;
  const int reduce_;  // as for the networks
  const Threads threads_;
  const std::shared_ptr<Workers::Lane> background_lane_;
  std::atomic<bool> dropped_ = false;
  std::int64_t drawn_ = 0;   // frames whose pieces have been started
  std::future<void> piece_;  // the live one in work; while it is, the following are its own
  std::unique_ptr<video::H264File> file_;
  double drawn_until_ = -1;  // s
  std::vector<Place> drawn_places_;
  std::string failure_;
};

}  // namespace piste::pipeline
