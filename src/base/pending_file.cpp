#include "base/pending_file.h"

#include <fcntl.h>
#include <sys/file.h>

#include <string>
#include <utility>

#include "base/random_name.h"

namespace piste::base {
namespace {

bool is_no_file(const std::filesystem::path& target) {
  std::error_code failure;
  const auto found = std::filesystem::status(target, failure);
  return exists(found) && !is_regular_file(found) && !is_directory(found);
}

std::filesystem::path temporary_for(const std::filesystem::path& target) {
  if (is_no_file(target)) return target;
  // Hidden, and out of the way of programs that look for *.mp4 and the like.
  return target.parent_path() / ("." + target.filename().string() + "." + random_name() + ".part");
}

}  // namespace

PendingFile::PendingFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(temporary_for(target_)) {}

PendingFile::~PendingFile() {
  std::error_code ignored;
  if (!committed_ && temporary_ != target_) std::filesystem::remove(temporary_, ignored);
}

void PendingFile::hold() {
  held_ = Descriptor(::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC));
  if (held_.ok()) ::flock(held_.get(), LOCK_EX);
}

bool PendingFile::is_held(const std::filesystem::path& file) {
  const Descriptor found(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return found.ok() && ::flock(found.get(), LOCK_EX | LOCK_NB) != 0;
}

std::error_code PendingFile::commit() {
  std::error_code failure;
  if (temporary_ != target_) std::filesystem::rename(temporary_, target_, failure);
  committed_ = !failure;
  return failure;
}

}  // namespace piste::base
