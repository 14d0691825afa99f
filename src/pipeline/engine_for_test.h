// What the tests of the whole pipeline share: a drawn phrase, an engine with the real networks, a folder.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/engine.h"
#include "pipeline/networks_for_test.h"
#include "render/film.h"
#include "render/motion.h"
#include "render/renderer.h"
#include "support/temp_dir.h"
#include "video/codec.h"

namespace piste::pipeline {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int width = 640;
constexpr int height = 360;
constexpr double fps = 15;  // few frames: these tests are about the way through, not about the verdict

inline EngineOptions options() {
  EngineOptions made;
  made.detector_model = PISTE_SOURCE_DIR "/models/movenet-multipose.onnx";
  made.pose_model = PISTE_SOURCE_DIR "/models/movenet-thunder-int8.onnx";
  return made;
}

inline std::unique_ptr<Engine> engine_with(const EngineOptions& chosen) {
  auto shared = share(networks_for_test(options()), chosen);
  EXPECT_TRUE(shared.ok()) << (shared.ok() ? "" : shared.error().message);
  return make_engine(std::move(*shared));
}

inline const render::Scene& scene() {
  static const render::Scene loaded = [] {
    auto scene = render::load_motion(PISTE_SOURCE_DIR "/samples/attack-from-right.json");
    EXPECT_TRUE(scene.ok());
    return std::move(*scene);
  }();
  return loaded;
}

inline const std::vector<types::EncodedFrame>& sample_frames() {
  static const std::vector<types::EncodedFrame> frames = [] {
    std::vector<types::EncodedFrame> made;
    const render::Renderer renderer(scene(), {.width = width, .height = height, .fps = fps});
    for (int i = 0; i < renderer.frames(); ++i) {
      auto jpeg = video::encode_jpeg(renderer.frame(i), 90);
      made.push_back({i, std::nullopt, types::Encoding::jpeg, width, height,
                      std::make_shared<const types::Bytes>(std::move(*jpeg))});
    }
    return made;
  }();
  return frames;
}

// The same phrase as a video file.
inline const fs::path& sample_film() {
  static const test::TempDir folder;
  static const fs::path film = [] {
    const render::Renderer renderer(scene(), {.width = width, .height = height, .fps = fps});
    EXPECT_TRUE(render::write_film(renderer, folder / "film.mp4", 90).ok());
    return folder / "film.mp4";
  }();
  return film;
}

inline types::EncodedFrame coded(std::int64_t number, double time, const types::Image& picture) {
  auto jpeg = std::make_shared<const types::Bytes>(*video::encode_jpeg(picture, 90));
  return {number, time, types::Encoding::jpeg, width, height, std::move(jpeg)};
}

inline std::vector<types::EncodedFrame> filmed(const render::Renderer& renderer) {
  std::vector<types::EncodedFrame> frames;
  for (int i = 0; i < renderer.frames(); ++i) frames.push_back(coded(i, renderer.time(i), renderer.frame(i)));
  return frames;
}

class EngineTest : public testing::Test {
 protected:
  PhraseSettings settings() const {
    PhraseSettings made;
    made.id = "test";
    made.width = size_.first;
    made.height = size_.second;
    made.fps = fps;
    made.directory = directory_;
    made.include_keypoints = true;
    made.save_overlay = save_overlay_;
    made.started = std::chrono::steady_clock::now();
    return made;
  }

  PhraseObserver observer() {
    return {[this](const Progress& progress) { progress_.push_back(progress); },
            [this](Result<Outcome> outcome) { outcome_.set_value(std::move(outcome)); },
            [this](const types::SeenFencers& sight) { sights_.push_back(sight); }};
  }

  // Sends the frames in this order and waits for the end.
  json::object stream(Engine& engine, const std::vector<types::EncodedFrame>& frames,
                      base::ByteBudget* budget, const types::StreamingStats& stats = {},
                      const std::string& scoring_log = scene().scoring_log) {
    fs::remove(directory_ / "frames.log");
    auto log = recording::FrameLog::create(directory_ / "frames.log", {size_.first, size_.second, fps});
    EXPECT_TRUE(log.ok());
    auto phrase = engine.start(settings(), **log, observer());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_TRUE((*log)->append(frames[i]).ok());
      phrase->push(i, frames[i], budget ? budget->try_acquire(frames[i].bytes->size()) : std::nullopt);
    }
    phrase->finish(scoring_log, stats);
    auto outcome = outcome_.get_future().get();
    EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().message);
    return outcome.ok() ? json::parse(outcome->result_json).as_object() : json::object{};
  }

  const test::TempDir folder_;
  const fs::path& directory_ = folder_.path();
  std::pair<int, int> size_{width, height};  // as announced
  bool save_overlay_ = false;                // costs as much as all the rest: where it is looked at
  std::vector<Progress> progress_;
  std::vector<types::SeenFencers> sights_;
  std::promise<Result<Outcome>> outcome_;
};

}  // namespace piste::pipeline
