// Where a program's words go: the verdict to out, everything else to err.
#pragma once

#include <ostream>

namespace piste::client {

struct Console {
  std::ostream& out;
  std::ostream& err;
  bool terminal = false;  // err is one, so a line may renew itself
};

}  // namespace piste::client
