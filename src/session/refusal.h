// Why a message that a session understood was not taken.
#pragma once

#include "base/result.h"

namespace piste::session {

enum class Refusal {
  refused,  // the session goes on
  no_room,  // likewise, and the same may be taken later
  failed,   // nothing more is taken: the disk has failed
  gone,     // the session has ended meanwhile
};

template <class T>
using Taken = base::Result<T, Refusal>;

}  // namespace piste::session
