// What remains of an analysed phrase. Every file is written under a temporary name and renamed: whole or not
// at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/analysis.h"
#include "types/curves.h"
#include "types/frame.h"
#include "video/writer.h"

namespace piste::artifacts {

enum class ErrorCode { io, video };

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

// Names of the files in a phrase's directory; absent ones are empty.
struct Files {
  std::string video;      // "phrase.mkv", "phrase.mp4" of H.264, or the upload's own container
  std::string signal;     // "phrase.txt"
  std::string overlay;    // "overlay.mp4"
  std::string keypoints;  // "keypoints.xlsx"
  std::string result;     // "analysis_result.json"
};

struct ResultOptions {
  bool include_keypoints = false;  // adds "keypoints": {fps, left, right}
  std::string directory;           // absolute path of the phrase's directory, "artifact_dir"
  bool over_http = false;          // adds "artifact_urls": by its id the service gives the files
};

// The guide's "result" object, as JSON text. docs/protocol.md describes each field.
std::string result_json(const types::Analysis& analysis, const Files& files, const ResultOptions& options);
// Its "decision" object alone, for the message that goes out first.
std::string decision_json(const types::Analysis& analysis);

// Both fencers' joints in each frame, with the frames' times, and the motion as curves; for whoever looks at
// the phrase later. docs/http.md describes each field.
std::string keypoints_json(const types::Analysis& analysis);
std::string curves_json(const types::Curves& curves);

// bytes -> path, whole or not at all.
Result<base::Done> write_file(const std::filesystem::path& path, std::string_view bytes);

// xlsx: sheets left_x, left_y, right_x, right_y (pixels) and scores; a row a frame, a column a keypoint by
// its name
// ("nose") and, of the coordinates, once more by its number ("kp_0"), as the predecessor's readers look for
// it.
Result<base::Done> write_workbook(const std::filesystem::path& path, const types::Analysis& analysis);

// How much of the analysis is there to be drawn, and how.
enum class Look {
  live,   // both fencers and the clock: the phrase is still going on
  whole,  // also what each does, lamps, blade contacts, who began, and the two or three findings that decided
  repeat,  // the moments of the hit again, slowly and near, with the verdict beside them
};

// What is shown again once the verdict is known: the last second before the hit and a little of what follows;
// without a hit the end. Seconds on the tracks' clock; nothing is within an analysis without frames.
struct Repeat {
  static constexpr double slowness = 4;
  double from = 0;
  double to = -1;
  bool shows(double time) const { return time >= from && time <= to; }
};
Repeat repeat_of(const types::Analysis& analysis);

// A stretch of the overlay. Stretches are drawn and encoded on their own, by any thread; video::H264File puts
// them together: the phrase, then what is shown again. Small pictures are enlarged to 720 lines, large ones
// made smaller, and below each there is a band for lamps, clock, findings and timeline.
class OverlayPiece {
 public:
  // analysis must outlive the piece. repeat_at: of Look::repeat: when the overlay has shown the phrase, s.
  static Result<std::unique_ptr<OverlayPiece>> begin(const types::Analysis& analysis, Look look,
                                                     double repeat_at = 0);
  virtual ~OverlayPiece() = default;
  virtual Result<base::Done> write(const types::Frame& frame) = 0;  // in order of time
  virtual Result<base::Done> hold() = 0;  // the last picture stands for a while: for the overlay's end
  // At least one frame has been written; nothing can be any more.
  virtual Result<std::unique_ptr<video::H264Run>> finish() = 0;
};

}  // namespace piste::artifacts
