// The phrases of all nodes, in the database that they share: each node puts its own there, and is given those
// of the others, for of its own it knows more. Thread-safe.
#pragma once

#include <string>

#include "cluster/line.h"
#include "library/library.h"

namespace piste::cluster {

class Library final : public library::Library {
 public:
  // line: outlives it. node: whose phrases are put.
  Library(Line& line, std::string node) : line_(line), node_(std::move(node)) {}

  library::Result<base::Done> put(const library::Phrase& phrase) override;
  library::Result<base::Done> remove(std::string_view folder) override;
  std::optional<library::Phrase> newest(std::string_view owner, std::string_view id) const override;
  library::Result<std::vector<library::Phrase>> list(const library::Wanted& wanted) const override;

 private:
  library::Result<base::Done> tell(const char* statement, const std::vector<Value>& values);

  Line& line_;
  const std::string node_;
};

}  // namespace piste::cluster
