// What people say of a phrase: names, tags, and how they would have judged it. It lies in the phrase's folder
// beside the result and never changes that.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace piste::session {

struct PersonsVerdict {
  std::string winner = {};  // left, right, none, unclear; empty: taken back
  std::vector<std::string> reasons = {};
  std::string note = {};
  std::string by = {};
  bool blind = false;   // judged before the service's verdict was seen
  std::string at = {};  // UTC, "2026-11-28T18:30:00Z"
};

struct People {
  static constexpr std::size_t most_verdicts = 200;  // the oldest go

  std::int64_t revision = 0;  // grows with each change
  std::string name, bout, left, right;
  std::string piste;  // empty: as the session said at its start
  std::vector<std::string> tags;
  std::vector<PersonsVerdict> verdicts;  // the newest last; what was said before stays

  const PersonsVerdict* verdict() const {  // none: nobody has said, or it was taken back
    return verdicts.empty() || verdicts.back().winner.empty() ? nullptr : &verdicts.back();
  }
};

boost::json::object json_of(const PersonsVerdict& verdict);
std::string print(const People& people);
// Nothing when the text is none of ours.
std::optional<People> parse_people(std::string_view text);

}  // namespace piste::session
