// Kept phrases are sent to services once more, to be judged when these have a place for them; what comes of
// it is compared. Blocks.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/comparison.h"
#include "app/kept_phrase.h"
#include "client/error.h"
#include "client/server_url.h"

namespace piste::app {

struct Judges {
  std::vector<client::ServerUrl> servers;
  std::filesystem::path ca;
  std::size_t at_once = 4;  // at each of them
};

struct Rejudging {
  std::vector<Rejudged> phrases;       // in the order that they were given
  std::string stopped = {};            // why the rest was not judged; empty: all were
  client::ErrorCode why = {};          // likewise
  std::vector<std::string> remaining;  // sessions that a server would not remove
};

// Each phrase is removed from its server when it is compared. A server that is away or has no room is waited
// for; where none has done anything for a minute, that is the end. done: after each phrase.
Rejudging judge_again(const std::vector<KeptPhrase>& phrases, const Judges& judges,
                      const std::function<void(std::size_t done)>& done);

}  // namespace piste::app
