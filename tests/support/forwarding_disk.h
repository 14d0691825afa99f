// The machine's disk, for those that change one of its calls.
#pragma once

#include "recording/disk.h"

namespace piste::test {

class ForwardingDisk : public recording::Disk {
 public:
  int open(const std::filesystem::path& path, int flags) override { return disk_.open(path, flags); }
  ssize_t write(int file, std::span<const iovec> parts, std::uint64_t offset) override {
    return disk_.write(file, parts, offset);
  }
  int truncate(int file, std::uint64_t size) override { return disk_.truncate(file, size); }
  int sync(int file) override { return disk_.sync(file); }
  int sync_folder(const std::filesystem::path& path) override { return disk_.sync_folder(path); }
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return disk_.rename(from, to);
  }
  int remove(const std::filesystem::path& path) override { return disk_.remove(path); }
  int make_folder(const std::filesystem::path& path) override { return disk_.make_folder(path); }

 private:
  recording::Disk& disk_ = recording::system_disk();
};

}  // namespace piste::test
