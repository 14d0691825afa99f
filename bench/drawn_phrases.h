// Recorded phrases drawn as video, and the verdict that the whole pipeline reaches from the pixels.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/engine.h"
#include "pose_accuracy.h"
#include "recording/frame_log.h"
#include "render/renderer.h"
#include "rows/row.h"
#include "types/verdict.h"

namespace piste::bench {

constexpr int film_width = 1280;
constexpr int film_height = 720;

// Phrases that have keypoints and both lamps, at most so many, spread evenly over all. Throws where the file
// cannot be read.
std::vector<rows::Row> drawable_rows(const std::filesystem::path& path, std::size_t wanted);

// Each phrase in another hall, with other clothes.
render::Renderer renderer_of(const rows::Row& row, const render::CameraWork& camera = {},
                             const render::CompanyOptions& company = {});

types::Verdict verdict_of_keypoints(const rows::Row& row);

// models: the folder of the networks.
std::unique_ptr<pipeline::Engine> engine_of(const std::filesystem::path& models);

// All frames as JPEG, into a new file.
std::unique_ptr<recording::FrameLog> filmed(const render::Renderer& renderer,
                                            const std::filesystem::path& path);

struct FromPixels {
  std::string winner;
  double confidence = 0;
  bool review = false;
  Accuracy accuracy;
  std::string result;  // JSON, with keypoints
};

// log: the drawn frames, encoded somehow. The artifacts are thrown away.
FromPixels judge(pipeline::Engine& engine, const recording::FrameLog& log, const rows::Row& row,
                 const render::Renderer& renderer);
// The frames as JPEG.
FromPixels judge(pipeline::Engine& engine, const rows::Row& row, const render::Renderer& renderer);

}  // namespace piste::bench
