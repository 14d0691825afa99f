// What the three programs can be told, and the reading of their command lines.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "client/server_url.h"
#include "types/frame.h"
#include "types/marks.h"
#include "types/phrase.h"

namespace piste::client {

constexpr int default_jpeg_quality = 85;
// Of a camera's frames that wait on disk, when memory is full: some minutes of 1080p.
constexpr std::uint64_t default_disk_bytes = 4096ull << 20;
// Of H.264, for each pixel of each frame: at 1280x720 and 30 fps 2765 kbit/s. docs/performance.md has what
// less costs.
constexpr double default_bits_per_pixel = 0.1;

struct SourceOptions {
  std::filesystem::path video;  // empty: a camera
  std::string camera;           // index or device; empty: a video file
  double duration = 60;         // s, of a camera recording
  types::Encoding encoding = types::Encoding::jpeg;
  std::optional<int> jpeg_quality;  // none: 85, and pictures that are JPEG already go as they are
  std::optional<int> bitrate;       // kbit/s, of H.264; none: default_bits_per_pixel
  std::optional<double> max_fps;
  bool realtime = false;  // a file at the pace at which it was filmed
};

struct StreamingOptions {
  ServerUrl server;
  SourceOptions source;
  std::filesystem::path signal;
  bool bout = false;  // a whole bout: there is no log
  std::string piste;  // of the bout: whose box the server hears; empty: none
  std::filesystem::path
      box_events;                // of the bout's video: what the box said, sent as touches; empty: nothing
  std::string session_id;        // empty: phrase_<date>_<time>_<random>
  std::filesystem::path output;  // empty: the result is not saved
  std::filesystem::path ca;
  std::optional<types::Weapon> weapon;
  types::Marks marks;
  bool include_keypoints = false;
  bool overlay = true;
  bool verbose = false;
  std::chrono::seconds reconnect_for{60};         // without a connection; 0: not at all
  std::size_t memory_bytes = 256u << 20;          // of frames that wait to be sent
  std::uint64_t disk_bytes = default_disk_bytes;  // likewise; and as many of frames that were sent
  std::size_t kept_bytes = 64u << 20;             // of memory, for frames that were sent
  std::size_t window_frames = 64;                 // sent and not yet acknowledged
  std::size_t window_bytes = 64u << 20;
  // For tests: called on the client's thread when a frame's header has gone and its bytes have not.
  std::function<void(std::int64_t number)> before_bytes;
};

struct UploadOptions {
  ServerUrl server;
  std::filesystem::path video;
  std::filesystem::path signal;  // empty: there is none
  std::string lamps;             // where they are, as the server reads it; empty: the server's setting
  std::string hits;              // likewise
  std::filesystem::path output;
  std::filesystem::path ca;
  std::optional<types::Weapon> weapon;
  types::Marks marks;
  bool include_keypoints = false;
  bool overlay = true;
  bool health = false;  // ask GET /health instead; video and signal are empty
  bool verbose = false;
};

// The program is over before it began: help was asked for (code 0, text for stdout) or the usage is wrong
// (code 2, text for stderr).
struct Leave {
  int code = 2;
  std::string text;
};

std::variant<StreamingOptions, Leave> parse_streaming_arguments(int argc, const char* const* argv);
std::variant<UploadOptions, Leave> parse_upload_arguments(int argc, const char* const* argv);
// smart_referee_client's: the options that both ways know. `realtime` is for streaming only.
struct SmartOptions {
  UploadOptions upload;
  bool realtime = false;
};
std::variant<SmartOptions, Leave> parse_smart_arguments(int argc, const char* const* argv);

StreamingOptions streaming_options(const SmartOptions& options);

}  // namespace piste::client
