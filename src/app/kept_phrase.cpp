#include "app/kept_phrase.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "app/phrase_files.h"
#include "base/json_text.h"
#include "session/phrase_folder.h"
#include "session/session_file.h"
#include "types/names.h"

namespace piste::app {
namespace {

namespace json = boost::json;
using NotFit = base::Error<Unfit>;

// A name, not a way to somewhere else.
std::filesystem::path file_in(const std::filesystem::path& folder, const json::value& name) {
  if (!name.is_string()) return {};
  const std::filesystem::path path(std::string(name.get_string()));
  if (path.empty() || path != path.filename() || path.string().starts_with('.'))
    throw std::runtime_error("no file's name");
  return folder / path;
}

// As a person told them.
std::string hits_of(const json::object& phrase) {
  std::string out;
  for (const json::value& touch : phrase.at("touches").as_array()) {
    out += (out.empty() ? "" : ",") + std::string(touch.at("side").as_string()) + "@" +
           base::json_number(touch.at("time").to_number<double>());
    if (!touch.at("valid").as_bool()) out += ":off_target";
  }
  return out;
}

void take_hits(KeptPhrase& kept, const std::filesystem::path& folder, const json::object& result) {
  const json::object& phrase = result.at("phrase").as_object();
  const json::value* source = phrase.if_contains("source");
  const std::string_view who = source ? std::string_view(source->as_string()) : "log";
  if (who == "hits") {
    kept.hits = hits_of(phrase);
  } else if (who == "lamps") {
    kept.lamps = std::string(result.at("lamps").at("where").as_string());
  } else {
    kept.log = folder / "phrase.txt";
    if (!std::filesystem::is_regular_file(kept.log)) throw std::runtime_error("no log");
  }
}

}  // namespace

Call call_in(const json::object& result) {
  constexpr std::array<std::string_view, 4> calls{"left", "right", "none", "both"};
  const json::object& decision = result.at("decision").as_object();
  Call call{std::string(decision.at("winner").as_string()), decision.at("confidence").to_number<double>(),
            decision.at("review").as_bool()};
  const bool known = std::ranges::find(calls, call.winner) != calls.end();
  if (!known || call.confidence < 0 || call.confidence > 1) throw std::runtime_error("no decision");
  return call;
}

base::Result<KeptPhrase, Unfit> kept_phrase(const std::filesystem::path& folder) {
  try {
    KeptPhrase kept;
    kept.name = folder.filename().string();
    const auto record = session::PhraseFolder::peek(folder);
    if (record && record->start.bout) return NotFit{Unfit::bout, "a whole bout"};
    if (record) kept.marks = record->start.marks;
    const json::object result = object_in(folder / "analysis_result.json");
    kept.call = call_in(result);
    kept.video = file_in(folder, result.at("artifacts").at("video"));
    if (kept.video.empty() || !std::filesystem::is_regular_file(kept.video))
      return NotFit{Unfit::no_video, "no video"};
    take_hits(kept, folder, result);
    kept.weapon = types::weapon_named(result.at("weapon").as_string());
    kept.person = persons_verdict(folder, result);
    return kept;
  } catch (const std::exception& error) {
    return NotFit{Unfit::damaged, error.what()};
  }
}

}  // namespace piste::app
