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
  // name: of the file, without extension. Without a folder it goes to the working directory. A file that is
  // there already stays: this one then has a number behind its name.
  Keepsake(std::string name, double fps);

  // What cannot be written is said once, by finish(); the phrase goes on.
  void add(const types::EncodedFrame& frame);
  // The file's path.
  Result<std::filesystem::path> finish();

 private:
  Result<std::filesystem::path> give_name() const;

  const std::filesystem::path name_;
  const std::filesystem::path path_;  // until finish()
  const double fps_;
  std::unique_ptr<video::RebuiltVideoWriter> writer_;
  std::optional<std::string> failure_;
  double first_ = 0;  // timestamp
  double last_ = -1;  // time of the last frame
};

}  // namespace piste::client
