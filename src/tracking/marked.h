// The people whom a person marked: the piste on which they stand, or the fencers themselves.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "tracking/pair.h"
#include "types/marks.h"
#include "types/pose.h"

namespace piste::tracking {

class Marked {
 public:
  explicit Marked(const types::Marks& marks) : marks_(marks) {}

  // Whether his feet are on the marked piste; true where none is marked.
  bool on_piste(const Person& person) const;
  // Whether he could be a marked fencer: at the mark, or within reach of where that fencer was seen last, and
  // of his size. True where none is marked.
  bool may_fence(double time, const types::BoundingBox& box) const;

  // The fencers were marked, and nobody has been seen at the marks yet.
  bool awaited() const { return marks_.fencers && !last_.left && !last_.right; }
  // Those at the marks. Precondition: awaited().
  types::PerSide<std::optional<std::size_t>> find(std::span<const types::Pose> people) const;
  void saw(types::Side side, double time, const types::BoundingBox& box);

 private:
  struct Seen {
    double time = 0;
    types::BoundingBox box;
  };
  double off_mark(types::Side side, const types::BoundingBox& box) const;

  types::Marks marks_;
  types::PerSide<std::optional<Seen>> last_;
};

}  // namespace piste::tracking
