// A small disk of its own, where the machine allows that, so that it can be full for a while.
#pragma once

#include <filesystem>

namespace piste::bench {

class SmallDisk {
 public:
  // at: a folder that is made.
  explicit SmallDisk(const std::filesystem::path& at);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Else it is a folder of the usual disk, which is never full.
  bool mounted() const { return mounted_; }
  // Full until make_room(). Precondition: mounted().
  void fill() const;
  void make_room() const;

 private:
  std::filesystem::path ballast() const { return path_ / "ballast"; }

  const std::filesystem::path path_;
  bool mounted_ = false;
};

}  // namespace piste::bench
