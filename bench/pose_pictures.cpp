#include "pose_pictures.h"

#include <fstream>
#include <opencv2/imgproc.hpp>

#include "video/codec.h"

namespace piste::bench {

namespace {

using namespace types::joint;

constexpr std::pair<Index, Index> kBones[] = {{nose, left_eye},
                                              {nose, right_eye},
                                              {left_eye, left_ear},
                                              {right_eye, right_ear},
                                              {left_shoulder, left_elbow},
                                              {left_elbow, left_wrist},
                                              {right_shoulder, right_elbow},
                                              {right_elbow, right_wrist},
                                              {left_shoulder, right_shoulder},
                                              {left_shoulder, left_hip},
                                              {right_shoulder, right_hip},
                                              {left_hip, right_hip},
                                              {left_hip, left_knee},
                                              {left_knee, left_ankle},
                                              {right_hip, right_knee},
                                              {right_knee, right_ankle}};

cv::Point pixel(const types::Keypoint& point) {
  return {cvRound(point.x), cvRound(point.y)};
}

void draw(cv::Mat& image, const types::TrackPoint& point, cv::Scalar colour) {
  if (!point.reliable) colour = 0.5 * colour;
  for (const auto& [from, to] : kBones) {
    const types::Keypoint& a = point.keypoints[from];
    const types::Keypoint& b = point.keypoints[to];
    if (a.score > 0 && b.score > 0) cv::line(image, pixel(a), pixel(b), colour, 2, cv::LINE_AA);
  }
}

}  // namespace

void draw_pictures(const std::filesystem::path& folder, const Clip& clip, const types::Tracks& tracks,
                   const Reference& reference, std::size_t every) {
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i < clip.frames.size() && i < tracks.left.points.size(); i += every) {
    if (!clip.frames[i].bytes) continue;
    auto image = video::decode(clip.frames[i]);
    if (!image) continue;
    cv::Mat canvas(image->height, image->width, CV_8UC3, image->bgr.data());
    draw(canvas, tracks.left.points[i], {60, 60, 255});
    draw(canvas, tracks.right.points[i], {60, 255, 60});
    for (const types::Side side : types::both_sides) {
      if (i >= reference.frames.size()) break;
      for (const types::Keypoint& point : reference.frames[i][side]) {
        cv::circle(canvas, pixel(point), 2, {0, 255, 255}, -1, cv::LINE_AA);
      }
    }
    const auto png = video::encode_png(*image);
    if (!png) continue;
    const std::string name = std::to_string(1000 + i).substr(1);
    std::ofstream file(folder / ("pose_" + name + ".png"), std::ios::binary);
    file.write(reinterpret_cast<const char*>(png->data()), static_cast<std::streamsize>(png->size()));
  }
}

}  // namespace piste::bench
