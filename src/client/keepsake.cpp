#include "client/keepsake.h"

#include <fcntl.h>
#include <stdio.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/random_name.h"

namespace piste::client {
namespace {

constexpr int most_of_a_name = 10'000;

std::filesystem::path hidden(const std::filesystem::path& name) {
  return name.parent_path() / ("." + name.filename().string() + "." + base::random_name() + ".mkv");
}

// False, with errno: also where there is such a file.
bool rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  // A file system that cannot promise it.
  if (std::filesystem::exists(to)) return errno = EEXIST, false;
  return ::rename(from.c_str(), to.c_str()) == 0;
}

}  // namespace

Keepsake::Keepsake(std::string name, double fps) : name_(std::move(name)), path_(hidden(name_)), fps_(fps) {}

void Keepsake::add(const types::EncodedFrame& frame) {
  if (failure_) return;
  const double stamp = frame.timestamp.value_or(first_ + static_cast<double>(frame.number) / fps_);
  if (!writer_) {
    first_ = stamp;
    auto made = video::RebuiltVideoWriter::create(path_, frame.encoding, frame.width, frame.height, fps_);
    if (!made) {
      failure_ = made.error().message;
      return;
    }
    writer_ = std::move(*made);
  }
  const double time = stamp - first_;
  if (time <= last_) return;  // the file's times must grow
  last_ = time;
  if (const auto written = writer_->write(frame, time); !written) failure_ = written.error().message;
}

Result<std::filesystem::path> Keepsake::finish() {
  if (!failure_ && !writer_) failure_ = "no frame was recorded";
  if (!failure_) {
    if (const auto finished = writer_->finish(); !finished) failure_ = finished.error().message;
  }
  if (failure_) return Error{ErrorCode::usage, "the recording could not be saved: " + *failure_};
  return give_name();
}

Result<std::filesystem::path> Keepsake::give_name() const {
  for (int number = 1; number < most_of_a_name; ++number) {
    const std::string suffix = number == 1 ? ".mkv" : "-" + std::to_string(number) + ".mkv";
    std::filesystem::path path = name_.string() + suffix;
    if (rename_to_new(path_, path)) return path;
    if (errno != EEXIST) break;
  }
  return Error{ErrorCode::usage, std::string("the recording could not be given its name (it is in ") +
                                     path_.string() + "): " + std::strerror(errno)};
}

}  // namespace piste::client
