#include "remembered_poses.h"

#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <mutex>
#include <type_traits>

namespace piste::bench {
namespace {

using Key = std::array<int, 4>;  // frame; crop: middle, size

// Records of a key and its poses, appended as they come.
class Records {
 public:
  explicit Records(const std::filesystem::path& path) {
    std::ifstream before(path, std::ios::binary);
    Key key{};
    while (read(before, key)) {
      int count = 0;
      if (!read(before, count) || count < 0 || count > 100) break;
      std::vector<types::Pose> poses(static_cast<std::size_t>(count));
      for (auto& pose : poses)
        read(before, pose.keypoints) && read(before, pose.box) && read(before, pose.score);
      if (!before) break;
      known_[key] = std::move(poses);
    }
    file_.open(path, std::ios::binary | std::ios::app);
  }

  template <class Find>
  pose::Result<std::vector<types::Pose>> of(const Key& key, Find find) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto at = known_.find(key); at != known_.end()) return at->second;
    }
    pose::Result<std::vector<types::Pose>> found = find();
    if (!found) return found;
    const std::lock_guard lock(mutex_);
    known_[key] = *found;
    write(key);
    write(static_cast<int>(found->size()));
    for (const auto& pose : *found) {
      write(pose.keypoints);
      write(pose.box);
      write(pose.score);
    }
    file_.flush();
    return found;
  }

 private:
  template <class T>
  static bool read(std::ifstream& file, T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return static_cast<bool>(file.read(reinterpret_cast<char*>(&value), sizeof value));
  }
  template <class T>
  void write(const T& value) {
    file_.write(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::mutex mutex_;
  std::map<Key, std::vector<types::Pose>> known_;
  std::ofstream file_;
};

class RememberedDetector final : public pose::Detector {
 public:
  RememberedDetector(const pose::Detector& detector, const std::filesystem::path& path)
      : detector_(detector), records_(path) {}
  pose::Result<std::vector<types::Pose>> detect(const types::Frame& frame) const override {
    return records_.of({static_cast<int>(frame.number), 0, 0, 0}, [&] { return detector_.detect(frame); });
  }
  bool precise() const override { return detector_.precise(); }

 private:
  const pose::Detector& detector_;
  mutable Records records_;
};

constexpr double size_step = 1.06;
constexpr double grid = 24;  // of the crop's size

class RememberedSingle final : public pose::SinglePose {
 public:
  RememberedSingle(const pose::SinglePose& single, const std::filesystem::path& path)
      : single_(single), records_(path) {}
  pose::Result<types::Pose> estimate(const types::Frame& frame,
                                     const types::BoundingBox& crop) const override {
    const double size = std::max(1.0F, std::max(crop.width(), crop.height()));
    const int grade = static_cast<int>(std::lround(std::log(size) / std::log(size_step)));
    const double rounded = std::pow(size_step, grade);
    const double step = rounded / grid;
    const int x = static_cast<int>(std::lround((crop.left + crop.right) / 2 / step));
    const int y = static_cast<int>(std::lround((crop.top + crop.bottom) / 2 / step));
    const auto around = [&](double middle, double by) { return static_cast<float>(middle * step + by); };
    const types::BoundingBox taken{around(x, -rounded / 2), around(y, -rounded / 2), around(x, rounded / 2),
                                   around(y, rounded / 2)};
    auto found = records_.of({static_cast<int>(frame.number), x, y, grade},
                             [&]() -> pose::Result<std::vector<types::Pose>> {
                               auto pose = single_.estimate(frame, taken);
                               if (!pose) return pose.error();
                               return std::vector<types::Pose>{*pose};
                             });
    if (!found) return found.error();
    return found->front();
  }

 private:
  const pose::SinglePose& single_;
  mutable Records records_;
};

}  // namespace

pipeline::Models remembering(const pipeline::Models& models, const std::filesystem::path& stem) {
  std::filesystem::create_directories(stem.parent_path());
  pipeline::Models with;
  with.detector = std::make_unique<RememberedDetector>(*models.detector, stem.string() + ".people");
  if (models.single)
    with.single = std::make_unique<RememberedSingle>(*models.single, stem.string() + ".poses");
  return with;
}

}  // namespace piste::bench
