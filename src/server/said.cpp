#include "server/said.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace piste::server {
namespace {

namespace json = boost::json;
using session::People;
using session::PersonsVerdict;

constexpr std::size_t longest_name = 200;  // bytes
constexpr std::size_t longest_note = 4000;
constexpr std::size_t most_in_a_list = 20;
constexpr std::array<std::string_view, 4> winners{"left", "right", "none", "unclear"};

AskedWrongly wrong(std::string message) {
  return {RequestFault::value, std::move(message)};
}

bool is_plain(std::string_view text, std::size_t longest) {
  return text.size() <= longest && std::none_of(text.begin(), text.end(), [](unsigned char c) {
           return c < 0x20 && c != '\n' && c != '\t';
         });
}

Asked<json::object> object_in(std::string_view body) {
  boost::system::error_code failure;
  json::value value = json::parse(json::string_view(body.data(), body.size()), failure);
  if (failure || !value.is_object()) return wrong("The body must be a JSON object");
  return std::move(value.get_object());
}

// Into `out`, where the field is there; null empties it.
Asked<base::Done> take(const json::object& object, const char* name, std::size_t longest,
                       std::optional<std::string>& out) {
  const json::value* value = object.if_contains(name);
  if (!value) return base::Done{};
  if (value->is_null()) {
    out.emplace();
  } else if (value->is_string() && is_plain(value->get_string(), longest)) {
    out.emplace(value->get_string());
  } else {
    return wrong(std::string(name) + " must be a text of at most " + std::to_string(longest) + " bytes");
  }
  return base::Done{};
}

Asked<base::Done> take(const json::object& object, const char* name,
                       std::optional<std::vector<std::string>>& out) {
  const json::value* value = object.if_contains(name);
  if (!value) return base::Done{};
  out.emplace();
  if (value->is_null()) return base::Done{};
  bool good = value->is_array() && value->get_array().size() <= most_in_a_list;
  for (std::size_t i = 0; good && i < value->get_array().size(); ++i) {
    const json::value& one = value->get_array()[i];
    good = one.is_string() && is_plain(one.get_string(), longest_name) &&
           one.get_string().find('\n') == json::string::npos;
    if (good) out->emplace_back(one.get_string());
  }
  if (good) return base::Done{};
  return wrong(std::string(name) + " must be a list of at most " + std::to_string(most_in_a_list) + " texts");
}

Asked<base::Done> take_fencers(const json::object& object, std::optional<std::string>& left,
                               std::optional<std::string>& right) {
  const json::value* fencers = object.if_contains("fencers");
  if (!fencers) return base::Done{};
  if (!fencers->is_object()) return wrong("fencers must be an object of left and right");
  if (auto taken = take(fencers->get_object(), "left", longest_name, left); !taken) return taken;
  return take(fencers->get_object(), "right", longest_name, right);
}

json::array array_of(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

// As it is stored; but who took it back said nothing.
json::object shown(const PersonsVerdict& verdict) {
  json::object out = session::json_of(verdict);
  if (verdict.winner.empty()) out["winner"] = nullptr;
  return out;
}

}  // namespace

Asked<Change> verdict_in(std::string_view body, std::string now) {
  const auto object = object_in(body);
  if (!object) return object.error();
  std::optional<std::string> winner, note, by;
  std::optional<std::vector<std::string>> reasons;
  if (auto taken = take(*object, "winner", longest_name, winner); !taken) return taken.error();
  if (auto taken = take(*object, "note", longest_note, note); !taken) return taken.error();
  if (auto taken = take(*object, "by", longest_name, by); !taken) return taken.error();
  if (auto taken = take(*object, "reasons", reasons); !taken) return taken.error();
  if (std::find(winners.begin(), winners.end(), winner.value_or("")) == winners.end())
    return wrong("winner must be left, right, none or unclear");
  const json::value* blind = object->if_contains("blind");
  if (blind && !blind->is_bool()) return wrong("blind must be true or false");
  PersonsVerdict verdict{*winner,
                         reasons.value_or(std::vector<std::string>()),
                         note.value_or(""),
                         by.value_or(""),
                         blind && blind->get_bool(),
                         std::move(now)};
  return Change([verdict = std::move(verdict)](People& people) { people.verdicts.push_back(verdict); });
}

Asked<Change> patch_in(std::string_view body) {
  const auto object = object_in(body);
  if (!object) return object.error();
  std::optional<std::string> name, bout, left, right, piste;
  std::optional<std::vector<std::string>> tags;
  if (auto taken = take(*object, "name", longest_name, name); !taken) return taken.error();
  if (auto taken = take(*object, "bout", longest_name, bout); !taken) return taken.error();
  if (auto taken = take(*object, "piste", longest_name, piste); !taken) return taken.error();
  if (auto taken = take(*object, "tags", tags); !taken) return taken.error();
  if (auto taken = take_fencers(*object, left, right); !taken) return taken.error();
  return Change([=](People& people) {
    if (name) people.name = *name;
    if (bout) people.bout = *bout;
    if (left) people.left = *left;
    if (right) people.right = *right;
    if (piste) people.piste = *piste;
    if (tags) people.tags = *tags;
  });
}

json::object verdict_json(const People& people) {
  json::array history;
  for (const PersonsVerdict& verdict : people.verdicts) history.push_back(shown(verdict));
  const PersonsVerdict* now = people.verdict();
  return {{"human_verdict", now ? json::value(shown(*now)) : json::value()}, {"history", std::move(history)}};
}

json::object names_json(const People& people) {
  return {{"name", people.name},
          {"bout", people.bout},
          {"fencers", json::object{{"left", people.left}, {"right", people.right}}},
          {"piste", people.piste},
          {"tags", array_of(people.tags)}};
}

}  // namespace piste::server
