// Annotated clips through the whole chain: which fencers were found where a person marked them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace piste::bench {

struct EyesClips {
  std::filesystem::path folder;  // clips and annotations.json
  std::filesystem::path models;
  std::filesystem::path pictures;  // folder to draw into; empty: none
  // Folder that keeps what the networks said. Crops are then rounded, so that a run after a change to the
  // tracker finds most of its poses there. Empty: everything is computed, as in the service.
  std::filesystem::path cache;
  std::vector<std::string> only;  // names of clips; empty: all
  int every = 10;                 // frames from one picture to the next
  bool tapped = false;            // the tracker is told the fencers of the first annotated frame
  double begin_every = 0;         // s: also shown otherwise (shown_clip.h), and begun so often. 0: not
};

// Prints a JSON line for each clip and one for all; a table on stderr. Throws where something cannot be read.
void measure_clips(const EyesClips& options);

}  // namespace piste::bench
