// A phrase's folder as it can be judged once more: its film, what was told with it, and what was said of it.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "types/marks.h"
#include "types/phrase.h"

namespace piste::app {

struct Call {
  std::string winner;  // left, right, none, both
  double confidence = 0;
  bool review = false;
};

struct KeptPhrase {
  std::string name;  // its folder's
  std::filesystem::path video;
  std::filesystem::path log;  // empty: then the hits count, or else the lamps
  std::string hits;
  std::string lamps;
  std::optional<types::Weapon> weapon;
  types::Marks marks;
  Call call;           // as it stands
  std::string person;  // empty: nobody has judged it
};

enum class Unfit {
  bout,      // its phrases have no log of their own
  no_video,  // it is not here, or not any more
  damaged,   // its files are not ours, or not all of them are there
};

base::Result<KeptPhrase, Unfit> kept_phrase(const std::filesystem::path& folder);

// Of a result; throws where it is none.
Call call_in(const boost::json::object& result);

}  // namespace piste::app
