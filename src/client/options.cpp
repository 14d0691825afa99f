#include "client/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "base/number.h"
#include "base/text.h"
#include "client/files.h"
#include "protocol/session_id.h"
#include "types/lamp_places.h"
#include "types/marks.h"
#include "types/names.h"

namespace piste::client {
namespace {

constexpr const char* footer =
    "\nExit codes: 0 a verdict, 1 the server refused or the analysis failed, 2 wrong usage, 3 no connection "
    "or it was "
    "lost.";

constexpr double longest_bout = 3 * 60 * 60;  // s; Ctrl-C ends it

std::string check_weapon(const std::string& given) {
  return types::weapon_named(given) ? "" : "--weapon must be one of epee, foil, sabre";
}

std::string check_encoding(const std::string& given) {
  return types::encoding_named(given) ? "" : "--encoding must be one of h264, jpeg, png, raw";
}

std::string check_corners(const std::string& given) {
  return types::piste_in(given) ? "" : "--piste-corners must be " + std::string(types::piste_form);
}

std::string check_fencers(const std::string& given) {
  return types::fencers_in(given) ? "" : "--fencers must be " + std::string(types::fencers_form);
}

std::string check_lamps(const std::string& given) {
  return types::lamp_places_in(given) ? "" : "--lamps must be " + std::string(types::lamp_places_form);
}

std::string check_hit(const std::string& given) {
  return types::hits_in(given) ? "" : "--hit must be " + std::string(types::hits_form);
}

// CLI11's own range lets NaN through.
auto between(double least, double most) {
  return [least, most](const std::string& given) -> std::string {
    const auto value = base::number_in<double>(given);
    if (value && *value >= least && *value <= most) return {};
    std::ostringstream out;
    out << "'" << base::escaped(given) << "' is not a number from " << least << " to " << most;
    return out.str();
  };
}

std::string check_session_id(const std::string& id) {
  return protocol::is_valid_session_id(id) ? "" : std::string(protocol::session_id_rule);
}

// It goes into a header: nothing that could end one.
std::string check_token(const std::string& token) {
  const bool visible =
      std::all_of(token.begin(), token.end(), [](unsigned char c) { return c > 0x20 && c < 0x7F; });
  return visible ? "" : "a token has no spaces and no control characters";
}

// The fields that all three programs share, as text until the line is read.
struct Common {
  std::string server;
  std::string weapon;
  std::string piste_corners;
  std::string fencers;
  std::string output;
  std::string ca;
  std::string token;
  bool no_overlay = false;

  void add_to(CLI::App& app, bool& include_keypoints, bool& verbose) {
    app.add_option("server", server, "Server URL, e.g. http://localhost:8080 or https://club.example/piste-1")
        ->required();
    app.add_option("--weapon", weapon, "sabre, foil or epee (default: the server's)")->check(check_weapon);
    app.add_option(
           "--piste-corners", piste_corners,
           "Where the piste lies, for those beside it do not fence: " + std::string(types::piste_form))
        ->check(check_corners);
    app.add_option("--fencers", fencers,
                   "Who fences, in the first frames: " + std::string(types::fencers_form))
        ->check(check_fencers);
    app.add_option("--output", output, "Save the result JSON to this file");
    app.add_option("--ca", ca, "File with certificates to trust (PEM), for https and wss")
        ->check(CLI::ExistingFile);
    app.add_option(
           "--token", token,
           "The token that opens the server; better in REFEREE_TOKEN, where other users of this machine do "
           "not see it")
        ->envname("REFEREE_TOKEN")
        ->check(check_token);
    app.add_flag("--include-keypoints", include_keypoints, "Ask for both fencers' keypoints in the result");
    app.add_flag("--no-overlay", no_overlay, "Do not make the overlay video");
    app.add_flag("--verbose", verbose, "Debug logging");
    app.footer(footer);
  }

  template <class Options>
  Result<base::Done> take(Options& options) const {
    auto url = parse_server_url(server);
    if (!url) return url.error();
    options.server = std::move(*url);
    options.overlay = !no_overlay;
    if (!output.empty()) {
      if (auto writable = check_output(output); !writable) return writable.error();
    }
    options.output = output;
    options.ca = ca;
    if (!token.empty()) options.server.authorization = "Bearer " + token;
    options.weapon = types::weapon_named(weapon);
    if (const auto corners = types::piste_in(piste_corners)) options.marks.piste = *corners;
    options.marks.fencers = types::fencers_in(fencers);
    return base::Done{};
  }
};

// nullopt when the line could be read.
std::optional<Leave> parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream complaint;
    const int code = app.exit(error, out, complaint);
    return Leave{code == 0 ? 0 : 2, out.str() + complaint.str()};
  }
}

Leave wrong(const std::string& text) {
  return {2, text + "\nRun with --help for more information.\n"};
}

void add_source_options(CLI::App& app, SourceOptions& source, std::string& encoding) {
  auto* video = app.add_option("--video", source.video, "Video file to stream")->check(CLI::ExistingFile);
  auto* camera =
      app.add_option("--camera", source.camera, "Camera index (0, 1, ...) or device to record from");
  video->excludes(camera);
  app.add_option("--duration", source.duration,
                 "Length of a camera recording in seconds; Ctrl-C ends it early")
      ->capture_default_str()
      ->check(between(0.1, 86400));
  app.add_option("--encoding", encoding, "Frame encoding: jpeg, png, raw, or h264 for slow links")
      ->capture_default_str()
      ->check(check_encoding);
  app.add_option("--jpeg-quality", source.jpeg_quality,
                 "Quality of --encoding jpeg, 1-100 (default: 85; a video or camera whose pictures are JPEG "
                 "already is sent as it is unless this is given)")
      ->check(CLI::Range(1, 100));
  app.add_option(
         "--bitrate", source.bitrate,
         "Bandwidth of H.264 in kbit/s (default: 0.1 bit for each pixel of each frame, that is 2765 at "
         "1280x720 and 30 fps)")
      ->check(CLI::Range(10, 100'000));
  app.add_option("--fps", source.max_fps,
                 "Send at most this many frames a second (default: the video's, camera 30)")
      ->check(between(1, 1000));
  app.add_flag("--realtime", source.realtime,
               "Send a video at its own pace instead of as fast as the link takes it");
}

}  // namespace

std::variant<StreamingOptions, Leave> parse_streaming_arguments(int argc, const char* const* argv) {
  CLI::App app("Streams a phrase to the referee service, frame by frame, and shows its verdict.",
               "referee_client_streaming");
  StreamingOptions options;
  Common common;
  std::string encoding = "jpeg";
  common.add_to(app, options.include_keypoints, options.verbose);
  add_source_options(app, options.source, encoding);
  app.add_option("--signal", options.signal,
                 "The scoring box's log (.txt); with a camera it may appear after the recording");
  app.add_flag("--bout", options.bout,
               "A whole bout instead of one phrase: its phrases are cut by themselves, a line a touch");
  app.add_option("--piste", options.piste, "With --bout: the piste whose box the server hears")
      ->check(check_session_id);
  app.add_option("--box-events", options.box_events,
                 "With --bout and --video: what the box said, as `referee box decode` prints it; its hits "
                 "are told as the video shows them")
      ->check(CLI::ExistingFile);
  app.add_option("--session-id", options.session_id, "Custom session id (default: made from date and time)")
      ->check(check_session_id);
  auto reconnect_for = options.reconnect_for.count();
  app.add_option("--reconnect-for", reconnect_for,
                 "Seconds to try for when there is no connection or it is lost, before the phrase is given "
                 "up and saved here")
      ->capture_default_str()
      ->check(CLI::Range(0, 86400));
  auto disk_mb = static_cast<std::int64_t>(options.disk_bytes >> 20);
  app.add_option(
         "--disk-mb", disk_mb,
         "Megabytes of a camera's frames that may wait on disk, in the working directory, when 256 MB of "
         "memory are full; as many again of frames that were sent, kept for a server that loses them")
      ->capture_default_str()
      ->check(CLI::Range(0, 1 << 20));
  app.add_option("--window", options.window_frames,
                 "Frames in flight before an acknowledgement is waited for")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  if (auto leave = parse(app, argc, argv)) return *leave;

  if (auto taken = common.take(options); !taken) return wrong(taken.error().message);
  if (options.source.video.empty() && options.source.camera.empty())
    return wrong("Give --video FILE or --camera N.");
  if (options.signal.empty() == !options.bout)
    return wrong("Give --signal LOG, the scoring box's, or --bout, which has none.");
  if (!options.bout && !(options.piste.empty() && options.box_events.empty()))
    return wrong("--piste and --box-events are for --bout.");
  if (!options.box_events.empty() && options.source.video.empty())
    return wrong("--box-events is for --video: beside a camera the box is heard by the server.");
  if (options.bout) {
    options.source.realtime = true;  // the server looks at it as it is fenced
    if (app.count("--duration") == 0) options.source.duration = longest_bout;
  }
  if (options.bout && options.marks.fencers)
    return wrong("--fencers is for one phrase: of a bout mark the --piste-corners.");
  options.reconnect_for = std::chrono::seconds(reconnect_for);
  options.disk_bytes = static_cast<std::uint64_t>(disk_mb) << 20;
  options.source.encoding = types::encoding_named(encoding).value();
  if (options.source.bitrate && options.source.encoding != types::Encoding::h264) {
    return wrong("--bitrate is for --encoding h264.");
  }
  return options;
}

std::variant<UploadOptions, Leave> parse_upload_arguments(int argc, const char* const* argv) {
  CLI::App app("Uploads a phrase to the referee service (/analyze) and shows its verdict.", "referee_client");
  UploadOptions options;
  Common common;
  common.add_to(app, options.include_keypoints, options.verbose);
  app.add_option("video", options.video, "Video file")->check(CLI::ExistingFile);
  app.add_option("signal", options.signal,
                 "The scoring box's log (.txt); without one the lamps in the picture count, or --hit")
      ->check(CLI::ExistingFile);
  app.add_option("--lamps", options.lamps,
                 "Where the picture shows the box's lamps: " + std::string(types::lamp_places_form))
      ->check(check_lamps);
  std::vector<std::string> hits;
  app.add_option("--hit", hits, "A hit as you saw it, once a side: " + std::string(types::hits_form))
      ->check(check_hit);
  app.add_flag("--health", options.health, "Only ask the server for its health");
  if (auto leave = parse(app, argc, argv)) return *leave;

  if (auto taken = common.take(options); !taken) return wrong(taken.error().message);
  for (const auto& hit : hits) options.hits += (options.hits.empty() ? "" : ",") + hit;
  if (!options.health && options.video.empty())
    return wrong(
        "Give the video file after the server, and the signal file where there is one; or --health.");
  if (!options.signal.empty() && !hits.empty()) return wrong("Give the signal file or --hit, not both.");
  return options;
}

std::variant<SmartOptions, Leave> parse_smart_arguments(int argc, const char* const* argv) {
  CLI::App app("Sends a phrase to the referee service: streaming where the server has it, else as an upload.",
               "smart_referee_client");
  SmartOptions options;
  Common common;
  common.add_to(app, options.upload.include_keypoints, options.upload.verbose);
  app.add_option("video", options.upload.video, "Video file")->required()->check(CLI::ExistingFile);
  app.add_option("signal", options.upload.signal, "The scoring box's log (.txt)")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_flag("--realtime", options.realtime, "When streaming: send the video at its own pace");
  if (auto leave = parse(app, argc, argv)) return *leave;
  if (auto taken = common.take(options.upload); !taken) return wrong(taken.error().message);
  return options;
}

StreamingOptions streaming_options(const SmartOptions& options) {
  StreamingOptions out;
  out.server = options.upload.server;
  out.source.video = options.upload.video;
  out.source.realtime = options.realtime;
  out.signal = options.upload.signal;
  out.output = options.upload.output;
  out.ca = options.upload.ca;
  out.weapon = options.upload.weapon;
  out.marks = options.upload.marks;
  out.include_keypoints = options.upload.include_keypoints;
  out.overlay = options.upload.overlay;
  out.verbose = options.upload.verbose;
  return out;
}

}  // namespace piste::client
