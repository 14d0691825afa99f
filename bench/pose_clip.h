// Clips with known keypoints, as a camera would send them.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include "pose_accuracy.h"
#include "pose_chain.h"

namespace piste::bench {

// The value, or the error as an exception: a bench that cannot go on says why and ends.
template <class Result>
auto must(Result result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

struct ClipFiles {
  std::filesystem::path clip = PISTE_SOURCE_DIR "/../shared/data/clips/clip_a.mp4";
  std::filesystem::path keypoints = PISTE_SOURCE_DIR "/../shared/data/clips/clip_a_keypoints.json";
  std::filesystem::path motion = PISTE_SOURCE_DIR "/samples/attack-from-left.json";
};

// --clip and --keypoints.
void add_clip_options(CLI::App& app, ClipFiles& files);

// A clip and what is to be found in it.
struct Case {
  std::string name;
  Clip clip;
  Reference reference;
};

// JPEG at a quality of 90.
Case real_case(const ClipFiles& files);
Case rendered_case(const ClipFiles& files);
// The first where there is a clip, else the other, and says so.
Case real_or_rendered_case(const ClipFiles& files);

// The same in another size, the quality chosen so that a frame has about this many bytes.
Case resized(const Case& original, int width, int height, std::size_t frame_bytes);

// As many frames as asked for: forward, backward, forward ... so that nothing jumps.
Clip to_and_fro(const Clip& clip, std::size_t frames);

std::size_t mean_bytes(const Clip& clip);

}  // namespace piste::bench
