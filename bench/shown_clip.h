// A clip shown in another way. What was marked in it holds for that too, so that a few clips say whether
// something was learned by heart.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotated_clip.h"
#include "types/frame.h"
#include "video/reader.h"

namespace piste::bench {

struct Showing {
  std::string name = {};  // empty: as it is
  bool mirrored = false;
  bool backwards = false;
  double size = 1;  // of the picture's sides, at most 1
  double from = 0;  // s: begun at this moment

  bool as_it_is() const { return !mirrored && !backwards && size == 1; }  // but for its beginning
};

// Mirrored, backwards, smaller; and begun at every so many seconds of `length`.
std::vector<Showing> showings(double length, double begin_every);

class ShownClip {
 public:
  ShownClip(const std::filesystem::path& video, const AnnotatedClip& clip, const Showing& showing);

  int width() const;
  int height() const;
  double fps() const { return reader_->info().fps; }
  // Of what is marked.
  double seconds() const { return static_cast<double>(clip_.frames.rbegin()->first) / fps(); }
  // What is marked in it now.
  AnnotatedClip annotated() const;
  std::optional<types::Frame> next();

 private:
  void keep_all();
  types::Image as_shown(types::Image image) const;
  Mark moved(const Mark& mark) const;

  const AnnotatedClip& clip_;
  const Showing showing_;
  std::unique_ptr<video::Reader> reader_;
  std::vector<types::EncodedFrame> kept_;  // to be shown from the last one on
};

}  // namespace piste::bench
