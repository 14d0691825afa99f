#include "pose_chain.h"

#include <chrono>
#include <ctime>
#include <future>

#include "pose_clip.h"
#include "tracking/tracker.h"
#include "video/frame_decoder.h"

namespace piste::bench {

namespace {

tracking::Poses estimate(const pose::SinglePose& single, const types::Frame& frame,
                         const tracking::Crops& crops) {
  const auto side = [&](types::Side which) -> std::optional<types::Pose> {
    if (!crops[which]) return std::nullopt;
    return must(single.estimate(frame, *crops[which]));
  };
  auto left = std::async(std::launch::async, side, types::Side::left);
  tracking::Poses poses;
  poses.right = side(types::Side::right);
  poses.left = left.get();
  return poses;
}

}  // namespace

Chain run_chain(const Clip& clip, const pose::Detector& detector, const pose::SinglePose& single,
                int reduce) {
  using Clock = std::chrono::steady_clock;
  tracking::Tracker tracker({.width = clip.width, .height = clip.height, .fps = clip.fps});
  video::FrameDecoder decoder(reduce);
  Chain chain;
  const double cpu_start = cpu_milliseconds();
  for (std::size_t i = 0; i < clip.frames.size(); ++i) {
    const auto start = Clock::now();
    types::Frame frame{clip.frames[i].number, clip.times[i], 1, must(decoder.decode(clip.frames[i]))};
    frame.scale = static_cast<double>(frame.image.width) / clip.width;
    std::vector<types::Pose> detections;
    if (tracker.look(frame.time).detect) detections = must(detector.detect(frame));
    const tracking::Crops crops = tracker.crops(frame.time, detections);
    tracker.observe(frame.number, frame.time, crops, estimate(single, frame, crops));
    chain.frame_times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  chain.cpu_time = cpu_milliseconds() - cpu_start;
  chain.tracks = tracker.finish();
  return chain;
}

std::vector<Fencers> keypoints_of(const types::Tracks& tracks) {
  std::vector<Fencers> found(tracks.left.points.size());
  for (const types::Side side : types::both_sides) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      const types::TrackPoint& point = tracks[side].points[i];
      if (point.seen) found[i][side] = point.keypoints;
    }
  }
  return found;
}

double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

}  // namespace piste::bench
