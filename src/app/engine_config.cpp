#include "app/engine_config.h"

#include "types/lamp_places.h"
#include "types/names.h"

namespace piste::app {
namespace {

constexpr const char* detector_file = "movenet-multipose.onnx";
constexpr const char* pose_file = "movenet-thunder-int8.onnx";

base::Error<Exit> missing(const std::string& what) {
  return {Exit::usage, what};
}

bool has_models(const std::filesystem::path& directory) {
  std::error_code ignored;
  return std::filesystem::exists(directory / detector_file, ignored) &&
         std::filesystem::exists(directory / pose_file, ignored);
}

void add_model_settings(Settings& settings, EngineConfig& config) {
  settings.text({"REFEREE_MODELS_DIR", "--models-dir", "DIR", "where the MoveNet models are"}, "",
                [&](const std::string& dir) { config.models_dir = dir; });
  settings.text(
      {"REFEREE_YOLO_MODEL", "--yolo-model", "FILE", "a YOLO-pose ONNX export to use instead of MoveNet"}, "",
      [&](const std::string& file) { config.yolo_model = file; });
  settings.choice({"REFEREE_POSE_PROVIDER", "--pose-provider", "NAME", "what ONNX Runtime computes on"},
                  "cpu", {"cpu", "cuda", "tensorrt", "openvino"},
                  [&](const std::string& name) { config.options.provider = name; });
  settings.whole({"REFEREE_WORKERS", "--workers", "threads", "analysis threads; 0: one a core and one more"},
                 config.options.workers, 0, 256,
                 [&](std::int64_t count) { config.options.workers = static_cast<int>(count); });
  settings.choice({"REFEREE_ANALYSIS", "--analysis", "WHEN", "whether frames are analysed as they come"},
                  "live", {"live", "after-end"},
                  [&](const std::string& when) { config.options.live = when == "live"; });
  settings.whole({"REFEREE_DETECT_INTERVAL_MS", "--detect-interval-ms", "ms",
                  "how often the whole picture is searched for fencers"},
                 330, 0, 10'000,
                 [&](std::int64_t ms) { config.options.detect_interval = static_cast<double>(ms) / 1000; });
}

}  // namespace

void add_engine_settings(Settings& settings, EngineConfig& config) {
  add_model_settings(settings, config);
  settings.text({"REFEREE_LENS", "--lens", "FILE", "JSON lens model of a fisheye camera"}, "",
                [&](const std::string& file) { config.options.lens = file; });
  settings.truth({"REFEREE_SIDES_SWAPPED", "--sides-swapped", "BOOL",
                  "the scoring log's 'Left' is the fencer on the right of the picture"},
                 config.options.sides_swapped, [&](bool swapped) { config.options.sides_swapped = swapped; });
  settings.number({"REFEREE_SIGNAL_OFFSET_MS", "--signal-offset-ms", "ms",
                   "the scoring log's zero after the first frame"},
                  0, -60'000, 60'000, [&](double ms) { config.options.signal_offset = ms / 1000; });
  settings.form({"REFEREE_LAMPS", "--lamps", "PLACE", "where the picture shows the box's lamps"}, "auto",
                std::string(types::lamp_places_form), [&](const std::string& text) {
                  const auto places = types::lamp_places_in(text);
                  if (places) config.options.lamps = *places;
                  return places.has_value();
                });
  settings.choice(
      {"REFEREE_LOG_ZERO", "--log-zero", "WHO",
       "who says where the scoring log's zero lies, where it is off by more than 80 ms against the "
       "lamps in the picture"},
      "lamps", {"lamps", "setting"},
      [&](const std::string& who) { config.options.lamps_set_zero = who == "lamps"; });
  settings.choice({"REFEREE_WEAPON", "--weapon", "NAME", "the weapon where a phrase does not say"}, "sabre",
                  {"sabre", "foil", "epee"}, [&](const std::string& name) {
                    config.options.weapon = types::weapon_named(name).value();
                    config.weapon_said = true;
                  });
  settings.number({"REFEREE_REVIEW_BELOW", "--review-below", "confidence",
                   "verdicts that are less sure are marked for a person"},
                  config.options.review_below, 0, 1,
                  [&](double limit) { config.options.review_below = limit; });
}

base::Result<base::Done, Exit> find_models(EngineConfig& config, const std::filesystem::path& program) {
  if (!config.yolo_model.empty()) {
    if (!std::filesystem::is_regular_file(config.yolo_model)) {
      return missing("REFEREE_YOLO_MODEL: there is no file " + config.yolo_model.string());
    }
    config.options.detector_model = config.yolo_model;
    config.options.pose_model.clear();
    return base::Done{};
  }
  std::vector<std::filesystem::path> places{config.models_dir};
  if (config.models_dir.empty()) {
    places = {(program.parent_path() / "../../models").lexically_normal(),
              (program.parent_path() / "../share/piste/models").lexically_normal()};
  }
  for (const auto& place : places) {
    if (!has_models(place)) continue;
    config.options.detector_model = place / detector_file;
    config.options.pose_model = place / pose_file;
    return base::Done{};
  }
  return missing("REFEREE_MODELS_DIR: there is no " + std::string(detector_file) + " and " + pose_file +
                 " in " + places.front().lexically_normal().string());
}

std::filesystem::path program_path() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

std::vector<std::pair<std::string, std::string>> model_names(const pipeline::EngineOptions& options) {
  std::vector<std::pair<std::string, std::string>> names{
      {"detector", options.detector_model.stem().string()}};
  if (!options.pose_model.empty()) names.emplace_back("pose", options.pose_model.stem().string());
  names.emplace_back("provider", options.provider);
  return names;
}

}  // namespace piste::app
