// For threads that must go on whatever happens: what flies out of a deed is logged, and flies no further.
#pragma once

#include <exception>
#include <string>

#include "base/log.h"

namespace piste::base {

// what: as in "the sweep".
template <class Deed>
void attempt(const char* what, const Deed& deed) {
  try {
    deed();
  } catch (const std::exception& unexpected) {
    log::error("", "Unexpected failure of " + std::string(what) + ": " + unexpected.what());
  }
}

}  // namespace piste::base
