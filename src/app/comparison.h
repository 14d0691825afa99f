// What was said of phrases, beside what is said of them now.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/kept_phrase.h"

namespace piste::app {

struct Rejudged {
  std::string name;
  std::string person;
  Call before;
  std::optional<Call> now;
  std::string failure;  // why there is no call now
};

// Those whose call has changed as it is shown here, and those that could not be judged; then the sums.
std::string comparison_table(const std::vector<Rejudged>& phrases);
// All of them.
boost::json::object comparison_json(const std::vector<Rejudged>& phrases);

}  // namespace piste::app
