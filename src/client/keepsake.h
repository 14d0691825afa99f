// A camera's phrase on the client's own disk, for the case that the server never comes back: the frames as
// they were sent, in a Matroska file that referee_client can upload. Removed again when it was not needed.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "client/error.h"
#include "types/frame.h"
#include "video/writer.h"

namespace piste::client {

class Keepsake {
 public:
  // name: of the file, without folder and extension. It goes to the working directory.
  Keepsake(std::string name, double fps) : path_(std::move(name) + ".mkv"), fps_(fps) {}

  // What cannot be written is said once, by finish(); the phrase goes on.
  void add(const types::EncodedFrame& frame);
  // The file's path.
  Result<std::filesystem::path> finish();

 private:
  const std::filesystem::path path_;
  const double fps_;
  std::unique_ptr<video::RebuiltVideoWriter> writer_;
  std::optional<std::string> failure_;
  double first_ = 0;  // timestamp
  double last_ = -1;  // time of the last frame
};

}  // namespace piste::client
