// The boxes that the service hears itself, as the file of REFEREE_BOXES lists them: a piste a line,
//
//   NAME  PLACE  PROTOCOL  [swap-sides] [camera-offset=MS] [white-order=left-right] [box-piste=NAME]
//   [hello=HOST]
//
// Empty lines, and what stands behind a '#', are passed over. docs/boxes.md shows it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/box_options.h"
#include "base/mutex.h"
#include "session/box_tellers.h"

namespace piste::app {

struct PisteBox {
  std::string piste;
  inlets::Box box;
};

// The error names the line.
base::Result<std::vector<PisteBox>, BoxError> parse_piste_boxes(std::string_view text);

class PisteBoxes {
 public:
  // The tellers outlive it.
  PisteBoxes(std::filesystem::path file, session::BoxTellers& tellers)
      : file_(std::move(file)), tellers_(tellers) {}

  // Reads the file, again if need be: a box whose line has not changed is heard on without a gap. After an
  // error all is as before; a box for which there is no thread is left out, with a warning. Thread-safe.
  base::Result<base::Done, BoxError> load();

 private:
  struct Heard {
    inlets::Box box;
    std::unique_ptr<inlets::Listener> listener;
  };
  void hear(const PisteBox& box) REQUIRES(mutex_);
  std::unique_ptr<inlets::Listener> listen(const PisteBox& box);

  const std::filesystem::path file_;
  session::BoxTellers& tellers_;
  base::Mutex mutex_;
  std::map<std::string, Heard> heard_ GUARDED_BY(mutex_);
};

}  // namespace piste::app
