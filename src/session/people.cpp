#include "session/people.h"

#include <boost/json.hpp>

#include "base/json_text.h"

namespace piste::session {
namespace {

namespace json = boost::json;

json::array texts_json(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

std::string text_at(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

std::vector<std::string> texts_at(const json::object& object, std::string_view name) {
  std::vector<std::string> out;
  for (const json::value& text : object.at(name).as_array()) out.emplace_back(text.as_string());
  return out;
}

PersonsVerdict verdict_at(const json::object& object) {
  return {text_at(object, "winner"), texts_at(object, "reasons"),  text_at(object, "note"),
          text_at(object, "by"),     object.at("blind").as_bool(), text_at(object, "at")};
}

}  // namespace

json::object json_of(const PersonsVerdict& verdict) {
  return {{"winner", verdict.winner}, {"reasons", texts_json(verdict.reasons)},
          {"note", verdict.note},     {"by", verdict.by},
          {"blind", verdict.blind},   {"at", verdict.at}};
}

std::string print(const People& people) {
  json::array verdicts;
  for (const PersonsVerdict& verdict : people.verdicts) verdicts.push_back(json_of(verdict));
  return base::json_text(json::object{{"revision", people.revision},
                                      {"name", people.name},
                                      {"bout", people.bout},
                                      {"left", people.left},
                                      {"right", people.right},
                                      {"piste", people.piste},
                                      {"tags", texts_json(people.tags)},
                                      {"verdicts", std::move(verdicts)}});
}

std::optional<People> parse_people(std::string_view text) {
  try {
    const json::object object = json::parse(json::string_view(text.data(), text.size())).as_object();
    People out{object.at("revision").to_number<std::int64_t>(),
               text_at(object, "name"),
               text_at(object, "bout"),
               text_at(object, "left"),
               text_at(object, "right"),
               object.contains("piste") ? text_at(object, "piste") : "",  // earlier versions wrote none
               texts_at(object, "tags"),
               {}};
    for (const json::value& verdict : object.at("verdicts").as_array())
      out.verdicts.push_back(verdict_at(verdict.as_object()));
    return out;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace piste::session
