// What was told in a live bout, on its clock, in a file of the bout's folder: JSON lines as `referee box
// decode` prints them (boxes/event_json.h). An earlier run has left it after a crash. Not thread-safe.
#pragma once

#include <filesystem>
#include <fstream>
#include <vector>

#include "types/box_event.h"

namespace piste::pipeline {

class ToldEvents {
 public:
  explicit ToldEvents(const std::filesystem::path& directory);

  // What an earlier run was told.
  std::vector<types::box::Event> found() const;
  // In the file when it returns.
  void add(const types::box::Event& event);

 private:
  const std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace piste::pipeline
