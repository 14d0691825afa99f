#include "session/library_entry.h"

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/log.h"
#include "session/phrase_folder.h"

namespace piste::session {
namespace {

namespace json = boost::json;
using library::Phrase;

// A result may be of an earlier version: what it does not have stays empty.
std::string text_or_empty(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

double number_or_zero(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_number() ? value->to_number<double>() : 0;
}

const json::object& part_of(const json::object& object, std::string_view name) {
  static const json::object none;
  const json::value* value = object.if_contains(name);
  return value && value->is_object() ? value->get_object() : none;
}

void put_result(const json::object& result, Phrase& phrase) {
  const json::object& decision = part_of(result, "decision");
  const json::value* review = decision.if_contains("review");
  phrase.winner = text_or_empty(result, "winner");
  phrase.weapon = text_or_empty(result, "weapon");
  phrase.reason = text_or_empty(result, "reason");
  phrase.confidence = number_or_zero(decision, "confidence");
  phrase.review = review && review->is_bool() && review->get_bool();
  phrase.duration = number_or_zero(part_of(result, "streaming_stats"), "duration_seconds");
}

void put_people(const People& people, Phrase& phrase) {
  phrase.name = people.name;
  phrase.bout = people.bout;
  phrase.left = people.left;
  phrase.right = people.right;
  if (!people.piste.empty()) phrase.piste = people.piste;
  phrase.tags = people.tags;
  const PersonsVerdict* verdict = people.verdict();
  phrase.human_verdict = verdict ? verdict->winner : "";
  phrase.human_blind = verdict && verdict->blind;
  phrase.note = verdict ? verdict->note : "";
}

std::optional<Phrase> phrase_of(const SessionKey& key, const std::filesystem::path& directory) {
  boost::system::error_code failure;
  const json::value result = json::parse(PhraseFolder::result_in(directory).value_or(""), failure);
  if (failure || !result.is_object()) return std::nullopt;
  Phrase phrase;
  phrase.folder = directory.filename().string();
  phrase.owner = key.owner;
  phrase.id = key.id;
  put_result(result.get_object(), phrase);
  if (const auto record = PhraseFolder::peek(directory)) phrase.piste = record->start.piste;
  put_people(people_of(directory).value_or(People()), phrase);
  return phrase;
}

}  // namespace

std::optional<People> people_of(const std::filesystem::path& directory) {
  if (const auto text = PhraseFolder::people_in(directory)) return parse_people(*text);
  return PhraseFolder::has_people(directory) ? std::nullopt : std::optional(People());
}

void index(library::Library& library, const SessionKey& key, const std::filesystem::path& directory) {
  const auto phrase = phrase_of(key, directory);
  if (!phrase) return;
  if (const auto put = library.put(*phrase); !put) base::log::warning(key.id, put.error().message);
}

}  // namespace piste::session
