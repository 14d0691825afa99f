// For tests: a server that was killed, and started again. A killed registry is a copy of its folder while it
// lived.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>

#include "session/test_client.h"
#include "support/forwarding_disk.h"
#include "support/temp_dir.h"

namespace piste::session {

// Stands still while the folder is copied, between two of its calls.
class PausableDisk : public test::ForwardingDisk {
 public:
  [[nodiscard]] std::unique_lock<std::shared_mutex> paused() { return std::unique_lock(mutex_); }
  int open(const std::filesystem::path& path, int flags) override {
    const std::shared_lock lock(mutex_);
    return ForwardingDisk::open(path, flags);
  }
  ssize_t write(int file, std::span<const iovec> parts, std::uint64_t offset) override {
    const std::shared_lock lock(mutex_);
    return ForwardingDisk::write(file, parts, offset);
  }
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    const std::shared_lock lock(mutex_);
    return ForwardingDisk::rename(from, to);
  }
  int remove(const std::filesystem::path& path) override {
    const std::shared_lock lock(mutex_);
    return ForwardingDisk::remove(path);
  }

 private:
  std::shared_mutex mutex_;
};

class KilledTest : public SessionTest {
 protected:
  KilledTest() { disk = &pausable_; }
  ~KilledTest() override { stop(); }  // before its folders go

  // What is on disk at this moment, as kill -9 leaves it, found by the next start.
  void killed_and_started() {
    const std::filesystem::path& copy = copies_.emplace_back().path();
    copy_as_it_is(limits.output_dir, copy);
    stop();
    limits.output_dir = copy;
    registry().recover(now);
  }
  // Nothing changes meanwhile.
  void copy_as_it_is(const std::filesystem::path& from, const std::filesystem::path& to) {
    const auto paused = pausable_.paused();
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }
  std::filesystem::path only_folder() const { return test::phrases_in(limits.output_dir).front(); }

 private:
  PausableDisk pausable_;
  std::deque<test::TempDir> copies_;
};

}  // namespace piste::session
