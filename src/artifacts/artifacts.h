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
};

// The guide's "result" object, as JSON text. docs/protocol.md describes each field.
std::string result_json(const types::Analysis& analysis, const Files& files, const ResultOptions& options);
// Its "decision" object alone, for the message that goes out first.
std::string decision_json(const types::Analysis& analysis);

// bytes -> path, whole or not at all.
Result<base::Done> write_file(const std::filesystem::path& path, std::string_view bytes);

// xlsx: sheets left_x, left_y, right_x, right_y (pixels) and scores; a row a frame, a column a keypoint by
// its name
// ("nose") and, of the coordinates, once more by its number ("kp_0"), as the predecessor's readers look for
// it.
Result<base::Done> write_workbook(const std::filesystem::path& path, const types::Analysis& analysis);

// How much of the analysis is there to be drawn.
enum class Look {
  live,   // both fencers and the clock: the phrase is still going on
  whole,  // also who moves forward, pauses, lamps, blade contacts, and the two or three findings that decided
};

// A stretch of the overlay: skeletons over the frames and, after the phrase's last one, the verdict, held for
// a while. Stretches are drawn and encoded on their own, by any thread; video::H264File puts them together.
// Frames larger than 1280 px wide are drawn at half size.
class OverlayPiece {
 public:
  // analysis must outlive the piece.
  static Result<std::unique_ptr<OverlayPiece>> begin(const types::Analysis& analysis, Look look);
  virtual ~OverlayPiece() = default;
  virtual Result<base::Done> write(const types::Frame& frame) = 0;  // in order of time
  virtual Result<base::Done> hold_verdict() = 0;                    // after the phrase's last frame
  // At least one frame has been written; nothing can be any more.
  virtual Result<std::unique_ptr<video::H264Run>> finish() = 0;
};

}  // namespace piste::artifacts
