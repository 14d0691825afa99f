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

namespace piste::artifacts {

enum class ErrorCode { io, video };

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

// Names of the files in a phrase's directory; absent ones are empty.
struct Files {
  std::string video;      // "phrase.mkv", or the upload's own container
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

// xlsx: sheets left_x, left_y, right_x, right_y (pixels) and scores; a row a frame, a column a keypoint.
Result<base::Done> write_workbook(const std::filesystem::path& path, const types::Analysis& analysis);

// Draws the overlay one frame at a time: skeletons, who moves forward, pauses, lamps, blade contacts, time,
// the two or three findings that decided, and the verdict, held for a while after the last frame.
class OverlayWriter {
 public:
  // analysis must outlive the writer. Frames larger than 1280 px wide are drawn at half size.
  static Result<std::unique_ptr<OverlayWriter>> create(const std::filesystem::path& path,
                                                       const types::Analysis& analysis);
  virtual ~OverlayWriter() = default;
  virtual Result<base::Done> write(const types::Frame& frame) = 0;  // in order of time
  virtual Result<base::Done> finish() = 0;
};

}  // namespace piste::artifacts
