// A scene as files: the video, and the truth about it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "render/error.h"
#include "render/renderer.h"

namespace piste::render {

// Every frame into path: .mp4 (H.264) or .mkv (JPEG pictures). quality: 1..100, in H.264 too.
// after_frame, where there is one, is called with the number of frames done. The file appears whole or not at
// all.
Result<base::Done> write_film(const Renderer& renderer, const std::filesystem::path& path, int quality,
                              const std::function<void(int)>& after_frame = {});

// What was drawn, as JSON: {"id", "width", "height", "fps", "frames", "order", "hits": [{"by", "at",
// "frame"}], "blade_contacts": [{"at", "frame"}], "verdict" where the author gave one, "keypoints": frames x
// [left fencer, right fencer] x 17 x [x, y] in pixels, "camera" where it moves: frames x [zoom, roll in rad,
// x, y], by which a point of the still picture is zoomed and turned about its origin and then shifted}.
std::string truth_json(const Renderer& renderer);

// Whole or not at all.
Result<base::Done> write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace piste::render
