// A disk that stops after so many calls, as when the process is killed there, and knows what would be on it
// after a power cut: the bytes of the files that were synced, under the names of the folders that were.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "support/forwarding_disk.h"

namespace piste::test {

class StoppingDisk : public ForwardingDisk {
 public:
  using Path = std::filesystem::path;

  // Calls that change something; all others, and all that come later, fail.
  explicit StoppingDisk(int calls) : left_(calls) {}

  bool stopped() const {
    const std::scoped_lock lock(mutex_);
    return stopped_;
  }

  int open(const Path& path, int flags) override {
    if (!(flags & O_CREAT)) return ForwardingDisk::open(path, flags);
    const std::scoped_lock lock(mutex_);
    if (!may_go_on()) return -1;
    const int file = ForwardingDisk::open(path, flags);
    if (file >= 0) files_[inode_of(file)] = std::make_shared<File>();
    return file;
  }
  ssize_t write(int file, std::span<const iovec> parts, std::uint64_t offset) override {
    const std::scoped_lock lock(mutex_);
    return may_go_on() ? ForwardingDisk::write(file, parts, offset) : -1;
  }
  int truncate(int file, std::uint64_t size) override {
    const std::scoped_lock lock(mutex_);
    return may_go_on() ? ForwardingDisk::truncate(file, size) : -1;
  }
  int sync(int file) override {
    const std::scoped_lock lock(mutex_);
    if (!may_go_on()) return -1;
    auto& known = files_[inode_of(file)];
    if (!known) known = std::make_shared<File>();
    known->content = content_of("/proc/self/fd/" + std::to_string(file));
    return 0;
  }
  int sync_folder(const Path& path) override {
    const std::scoped_lock lock(mutex_);
    if (!may_go_on()) return -1;
    folders_[inode_of(path)] = names_in(path);
    return 0;
  }
  int rename(const Path& from, const Path& to) override {
    const std::scoped_lock lock(mutex_);
    if (!may_go_on()) return -1;
    if (std::filesystem::exists(to)) files_.erase(inode_of(to));
    return ForwardingDisk::rename(from, to);
  }
  int remove(const Path& path) override {
    const std::scoped_lock lock(mutex_);
    if (!may_go_on()) return -1;
    if (std::filesystem::exists(path)) files_.erase(inode_of(path));
    return ForwardingDisk::remove(path);
  }
  int make_folder(const Path& path) override {
    const std::scoped_lock lock(mutex_);
    return may_go_on() ? ForwardingDisk::make_folder(path) : -1;
  }

  // What becomes of the names in folders, for a file system may bring some changes to the disk before others.
  enum class Kept {
    as_synced,         // as at the folder's last sync
    but_removed,       // likewise, but what was removed since is gone
    as_they_were_last  // also where nothing was synced: such files are empty
  };
  // What is found when the power is back, as files in `into`.
  void power_cut(const Path& folder, const Path& into, Kept names) {
    const std::scoped_lock lock(mutex_);
    restore(names_at(inode_of(folder), folder, names), into, names);
  }

 private:
  struct File {
    std::string content;  // at its last sync
  };
  struct Entry {
    std::shared_ptr<File> file;  // none: a folder
    ino_t folder = 0;
    Path path;
  };
  using Names = std::map<std::string, Entry>;

  bool may_go_on() {
    if (left_ > 0) return --left_, true;
    stopped_ = true;
    errno = EIO;
    return false;
  }
  static ino_t inode_of(int file) {
    struct stat status{};
    ::fstat(file, &status);
    return status.st_ino;
  }
  static ino_t inode_of(const Path& path) {
    struct stat status{};
    ::stat(path.c_str(), &status);
    return status.st_ino;
  }
  static std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Names names_in(const Path& folder) {
    Names names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      Entry& made = names[entry.path().filename().string()];
      made.path = entry.path();
      if (entry.is_directory()) {
        made.folder = inode_of(entry.path());
        continue;
      }
      auto& known = files_[inode_of(entry.path())];
      if (!known) known = std::make_shared<File>();
      made.file = known;
    }
    return names;
  }
  Names names_at(ino_t inode, const Path& folder, Kept kept) {
    return kept == Kept::as_they_were_last ? names_in(folder) : folders_[inode];
  }
  void restore(const Names& names, const Path& into, Kept kept) {
    for (const auto& [name, entry] : names) {
      if (kept == Kept::but_removed && !std::filesystem::exists(entry.path)) continue;
      if (entry.file) {
        std::ofstream(into / name, std::ios::binary) << entry.file->content;
      } else {
        std::filesystem::create_directory(into / name);
        restore(names_at(entry.folder, entry.path, kept), into / name, kept);
      }
    }
  }

  mutable std::mutex mutex_;
  int left_;
  bool stopped_ = false;
  std::map<ino_t, std::shared_ptr<File>> files_;
  std::map<ino_t, Names> folders_;
};

}  // namespace piste::test
