// All that is known of an analysed phrase: what the result JSON, the workbook and the overlay are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "types/camera.h"
#include "types/phrase.h"
#include "types/said.h"
#include "types/seen_lamps.h"
#include "types/streaming_stats.h"
#include "types/track.h"
#include "types/verdict.h"

namespace piste::types {

struct Analysis {
  std::string id;  // of the session
  Weapon weapon = Weapon::sabre;
  int width = 0;  // pixels of the received frames
  int height = 0;
  Tracks tracks;    // one point per analysed frame; keypoints in pixels of the received frames
  Tracks on_piste;  // the same as the referee saw them: upright, without the lens, and as if the camera stood
  CameraMotion camera_motion;
  CameraAccount camera;
  Phrase phrase;
  TouchSource touch_source = TouchSource::log;
  SeenLamps lamps;
  double log_offset = 0;  // seconds: the box's zero on the tracks' clock
  Verdict verdict;
  std::optional<HumanVerdict> human_verdict;
  std::vector<Said> warnings;  // what the reader of the result should know (log contradictions, lost frames)
  StreamingStats streaming;
  std::int64_t undecodable_frames = 0;
  std::string time_source;                              // "timestamps", "numbers" or "container"
  std::vector<std::pair<std::string, double>> timings;  // stage, seconds
  double processing_time = 0;                           // s: from the log's arrival to the result
  double wall_time = 0;                                 // s: from the start of the session to the result
};

}  // namespace piste::types
