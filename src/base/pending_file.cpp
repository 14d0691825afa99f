#include "base/pending_file.h"

#include <cstdio>
#include <random>
#include <string>
#include <utility>

namespace piste::base {
namespace {

std::filesystem::path temporary_for(const std::filesystem::path& target) {
  std::random_device random;
  char suffix[32];
  std::snprintf(suffix, sizeof suffix, ".%08x%08x.part", random(), random());
  std::string name(1, '.');  // hidden, and out of the way of programs that look for *.mp4 and the like
  name.append(target.filename().string()).append(suffix);
  return target.parent_path() / name;
}

}  // namespace

PendingFile::PendingFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(temporary_for(target_)) {}

PendingFile::~PendingFile() {
  std::error_code ignored;
  if (!committed_) std::filesystem::remove(temporary_, ignored);
}

std::error_code PendingFile::commit() {
  std::error_code failure;
  std::filesystem::rename(temporary_, target_, failure);
  committed_ = !failure;
  return failure;
}

}  // namespace piste::base
