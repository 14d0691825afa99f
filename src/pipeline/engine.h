// One phrase's way through the stages: frames are analysed while they arrive, the verdict follows the log.
//
// An Engine holds what phrases share (models, workers with a fair turn for each phrase, settings). It and the
// FrameLogs outlive the phrases. Abstract so that conversations can be tested without models.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_budget.h"
#include "base/result.h"
#include "recording/frame_log.h"
#include "types/box_event.h"
#include "types/frame.h"
#include "types/lamp_places.h"
#include "types/marks.h"
#include "types/phrase.h"
#include "types/picture_lag.h"
#include "types/seen_fencers.h"
#include "types/streaming_stats.h"
#include "types/timestamps.h"
#include "types/verdict.h"

namespace piste::pipeline {

enum class ErrorCode {
  settings,  // a model, lens file or provider cannot be used
  log,       // the scoring log is empty or not one
  video,     // the video cannot be read, or holds no frame
  frame,     // a frame's bytes are not a whole picture of the announced size
  io,        // the artifacts cannot be written
  no_room,   // on the disk for them, now
  cancelled,
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

// For the guide's process_progress.
struct Progress {
  std::string stage;    // video_reconstruction, fisheye, yolo, decision, overlay
  double progress = 0;  // 0..1 within the stage
  std::string message;
  std::string decision;  // JSON of the decision: only in stage "decision" at 1.0
};

struct Outcome {
  std::string result_json;  // the guide's "result" object
  types::Winner winner = types::Winner::none;
  double confidence = 0;
  std::vector<std::pair<std::string, double>> timings = {};  // stage, seconds
  std::int64_t undecodable_frames = 0;
  // What is in the directory, whole; what is not is in the result's warnings.
  bool video_kept = false;
  bool result_kept = false;
  bool review = false;  // a person should look
};

struct PhraseSettings {
  std::string id;
  int width = 0;  // pixels; 0 for files: the file says
  int height = 0;
  double fps = 0;
  types::Timestamps timestamps = types::Timestamps::unsaid;  // what the sender says of them
  std::optional<types::Weapon> weapon;                       // nullopt: the engine's
  std::optional<types::LampPlaces> lamps;                    // nullopt: the engine's
  std::vector<types::Touch> hits;  // as a person tells them, s since the first frame; empty: nobody does
  types::Marks marks;              // where a person says that the fencing is
  bool include_keypoints = false;
  bool save_overlay = true;
  bool over_http = false;                         // the service gives its files to whoever asks by its id
  double kept = 60;                               // s that the log of a bout goes back, about
  std::optional<types::PictureLag> picture_lag;   // of a bout beside a box, as it was measured before
  std::filesystem::path directory;                // exists; the artifacts go here
  std::chrono::steady_clock::time_point started;  // of the session, for wall_time_seconds
};

// Called from the engine's threads, never two at once for one phrase, never after cancel() has returned.
struct PhraseObserver {
  std::function<void(const Progress&)> on_progress;
  std::function<void(Result<Outcome>)> on_done;  // once, after finish()
  // Where the fencers are, some times a second, for those who watch. May be empty.
  std::function<void(const types::SeenFencers&)> on_sight = {};
};

// A phrase that is being received. Destruction cancels. Methods are thread-safe and do not block on analysis
// (cancel() and the destructor wait for the frame in work, some 50 ms at most).
class Phrase {
 public:
  virtual ~Phrase() = default;
  // frame is record `index` of the log. With a lease its bytes stay in memory until analysed, without they
  // are read back from the log.
  virtual void push(std::size_t index, types::EncodedFrame frame,
                    std::optional<base::ByteBudget::Lease> lease) = 0;
  // No more frames will come. log: the scoring box's, as received; it has passed check_log().
  virtual void finish(std::string log, const types::StreamingStats& streaming) = 0;
  // Whether the other phrases go first: for one that nobody waits for, as long as nobody does.
  virtual void stand_back(bool back) = 0;
  // Nobody wants the result any more: what has not begun is left out. Returns at once; cancel() follows.
  virtual void abandon() = 0;
  virtual void cancel() = 0;
  virtual std::size_t waiting() const = 0;  // frames not analysed yet
  // What it looks at now, as a JPEG, where the frames are none themselves: one a second for as long as
  // somebody asks. Null: none yet.
  virtual std::shared_ptr<const types::Bytes> picture() { return nullptr; }
};

// A phrase of a bout, cut out and judged.
struct BoutPhrase {
  int number = 0;
  double start = 0;  // s on the bout's clock: of the video, of the frames' timestamps
  double end = 0;
  std::vector<types::Touch> touches;  // likewise
  bool order_unknown = false;
  std::string folder;  // its name in the bout's directory
  Outcome outcome;
  types::PerSide<int> score{};  // after it, as far as it is known by now
};

// Called from the engine's threads, one call at a time (on_lag and on_sight: beside the others), never after
// cancel() has returned.
struct BoutObserver {
  std::function<void(int number, const std::string& decision)> on_decision;  // JSON; a phrase's follows
  std::function<void(const BoutPhrase&)> on_phrase;                          // in order
  std::function<void(Result<Outcome>)> on_done;  // once, after finish(): the result is the bout's summary
  // The picture beside what the box says: from now on that is laid so much later. May be empty.
  std::function<void(const types::PictureLag&)> on_lag = {};
  // As a phrase's; beside the others, like on_lag.
  std::function<void(const types::SeenFencers&)> on_sight = {};
};

// Whose clock an event's time is on.
enum class Told {
  by_box,     // this node's steady clock; the picture may lag it
  by_hand,    // this node's steady clock: somebody taps what he sees
  by_client,  // that of the frames' timestamps
};

// A bout that is being received: its phrases are cut out and judged while the frames come. The log given to
// finish() is not read: hits are told.
class Bout : public Phrase {
 public:
  virtual void tell(const types::box::Event& event, Told by) = 0;
  // Those that were judged, from this number on, with the results that the disk has of them.
  virtual std::vector<BoutPhrase> phrases_from(int number) const = 0;
};

// What is known of a frame without decoding it.
struct FrameCheck {
  bool key = true;  // can be decoded without the frames before it
};

// A piece of a phrase, by its frames' numbers, both of them in it.
struct Clip {
  std::int64_t first = 0;
  std::int64_t last = 0;
  double speed = 1;    // 1: as it was; .5: half as fast
  bool drawn = false;  // with what was found drawn in
};

class Engine {
 public:
  virtual ~Engine() = default;
  // log must outlive the phrase and already be in settings.directory.
  virtual std::unique_ptr<Phrase> start(const PhraseSettings& settings, const recording::FrameLog& log,
                                        PhraseObserver observer) = 0;
  // Likewise, and the phrases go into folders in settings.directory. What an earlier run has left there is
  // gone on with.
  virtual std::unique_ptr<Bout> start_bout(const PhraseSettings& settings, const recording::FrameLog& log,
                                           BoutObserver observer) = 0;
  // Makes the phrase's video of a log whose phrase is over, where conclude() could not: blocks.
  virtual Result<base::Done> keep_video(const recording::FrameLog& log,
                                        const std::filesystem::path& directory) const = 0;
  // The film without drawings of a phrase whose video is in the directory (clean_film.h); blocks.
  virtual Result<base::Done> make_clean_film(const std::filesystem::path& directory,
                                             const std::function<bool()>& cancelled) const = 0;
  // A picture of such a phrase, as JPEG (frame_picture.h); blocks.
  virtual Result<types::Bytes> frame_picture(const std::filesystem::path& directory, std::int64_t number,
                                             int width) const = 0;
  // A piece of such a phrase, as MP4 (clip.h); blocks.
  virtual Result<types::Bytes> clip(const std::filesystem::path& directory, const Clip& clip,
                                    const std::function<bool()>& cancelled) const = 0;
  // A whole video file through the same stages; blocks. cancelled: polled between frames, may be empty. log:
  // empty where there is none: then the hits of the settings count, or else the lamps in the picture.
  virtual Result<Outcome> analyze_file(const PhraseSettings& settings, const std::filesystem::path& video,
                                       const std::string& log,
                                       const std::function<void(const Progress&)>& on_progress,
                                       const std::function<bool()>& cancelled) = 0;
  // Whether the frame can be taken, without decoding it (video/codec.h, inspect). For the answer to its
  // sender; costs microseconds. Thread-safe.
  virtual Result<FrameCheck> check_frame(const types::EncodedFrame& frame) const = 0;
  // Who would be taken for the fencers of a phrase that begins with this JPEG or PNG; blocks for some 50 ms.
  virtual Result<types::SeenFencers> look(types::Bytes picture) = 0;
  // Whether the bytes are a scoring log at all: for an answer before the analysis.
  virtual Result<base::Done> check_log(std::string_view log) const = 0;
};

struct EngineOptions {
  std::filesystem::path detector_model;  // MultiPose or YOLO pose
  std::filesystem::path pose_model;      // Thunder; empty with a YOLO detector
  std::string provider = "cpu";
  int workers = 0;                               // analysis threads; 0: one a core and one more
  std::size_t max_picture_bytes = 256ull << 20;  // of decoded pictures, of all phrases and uploads
  bool live = true;               // false: analysis begins at finish() (REFEREE_ANALYSIS=after-end)
  double detect_interval = 0.33;  // seconds
  std::filesystem::path lens;     // JSON lens model; empty: no correction
  bool sides_swapped = true;      // the scoring log's, see scoring/log.h
  double signal_offset = 0;       // seconds
  types::LampPlaces lamps;        // where a phrase does not say
  bool lamps_set_zero = true;     // the log's, where it is off against the lamps in the picture
  types::Weapon weapon = types::Weapon::sabre;
  double review_below = 0.65;
};

// Where a phrase's lamps are looked for, and by its weapon, which there are.
types::LampPlaces lamp_places(const PhraseSettings& settings, const EngineOptions& options);

Result<std::unique_ptr<Engine>> make_engine(const EngineOptions& options);

}  // namespace piste::pipeline
