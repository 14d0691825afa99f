#include "server/library_route.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <optional>

#include "base/json_text.h"
#include "base/log.h"
#include "base/number.h"
#include "library/phrase.h"
#include "library/search_words.h"
#include "server/request_error.h"
#include "server/said.h"
#include "server/session_route.h"
#include "server/utc_text.h"
#include "session/catalogue.h"
#include "store/artifact_type.h"
#include "store/store.h"

namespace piste::server {
namespace {

namespace json = boost::json;
using library::Phrase;
using session::CatalogueError;
using session::People;
using session::Said;

constexpr int usual_page = 50, longest_page = 500;
constexpr std::size_t longest_search = 200;
constexpr std::array<std::string_view, 4> calls{"left", "right", "none", "both"};
constexpr std::size_t most_words = 12;  // each is looked for in all notes

// "20261128T183000Z-..." of a folder's name as "2026-11-28T18:30:00Z".
std::string started(std::string_view folder) {
  std::string out(folder.substr(0, 16));
  if (out.size() < 16) return {};
  for (const std::size_t colon : {13u, 11u}) out.insert(colon, ":");
  for (const std::size_t dash : {6u, 4u}) out.insert(dash, "-");
  return out;
}

json::array artifacts_in(const std::filesystem::path& directory) {
  json::array out;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
    const std::string name = entry.path().filename().string();
    if (store::artifact_type(name) && entry.is_regular_file(failure)) out.emplace_back(name);
  }
  return out;
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

json::object entry(const Phrase& phrase, const Service& service) {
  json::array tags;
  for (const std::string& tag : phrase.tags) tags.emplace_back(tag);
  json::object out{{"id", phrase.id},
                   {"state", "COMPLETE"},
                   {"started", started(phrase.folder)},
                   {"duration", phrase.duration},
                   {"name", phrase.name},
                   {"bout", text_or_null(phrase.bout)},
                   {"fencers", json::object{{"left", phrase.left}, {"right", phrase.right}}},
                   {"piste", text_or_null(phrase.piste)},
                   {"tags", std::move(tags)},
                   {"weapon", phrase.weapon},
                   {"winner", phrase.winner},
                   {"confidence", phrase.confidence},
                   {"review", phrase.review},
                   {"reason", phrase.reason},
                   {"human_verdict", text_or_null(phrase.human_verdict)},
                   {"human_blind", phrase.human_blind},
                   {"version", phrase.folder},
                   {"artifacts", artifacts_in(service.registry.limits().output_dir / phrase.folder)}};
  if (!phrase.node.empty()) out["node"] = phrase.node;
  return out;
}

Asked<library::Wanted> wanted_in(const Target& target, const std::string& owner) {
  const auto value = [&](std::string_view name) { return parameter_in(target.query, name); };
  const auto flag = [&](std::string_view name) { return value(name) == "1" || value(name) == "true"; };
  library::Wanted wanted{.owner = owner,
                         .before = value("after"),
                         .bout = value("bout"),
                         .fencer = value("fencer"),
                         .piste = value("piste"),
                         .weapon = value("weapon"),
                         .winner = value("winner"),
                         .review = flag("review"),
                         .disagreed = flag("disagreed"),
                         .words = value("q"),
                         .limit = usual_page};
  if (wanted.words.size() > longest_search || wanted.words.find('\0') != std::string::npos ||
      library::search_words(wanted.words).size() > most_words)
    return AskedWrongly{RequestFault::value, "q must be at most " + std::to_string(most_words) +
                                                 " words, in " + std::to_string(longest_search) + " bytes"};
  if (!wanted.winner.empty() && std::ranges::find(calls, wanted.winner) == calls.end())
    return AskedWrongly{RequestFault::value, "winner must be left, right, none or both"};
  if (const std::string limit = value("limit"); !limit.empty()) {
    wanted.limit = base::number_in<int>(limit).value_or(0);
    if (wanted.limit < 1 || wanted.limit > longest_page)
      return AskedWrongly{RequestFault::value, "limit must be 1 to " + std::to_string(longest_page)};
  }
  for (auto [name, bound] : {std::pair("from", &wanted.from), std::pair("to", &wanted.until)}) {
    const std::string text = value(name);
    const auto time = folder_time(text);
    if (!text.empty() && !time)
      return AskedWrongly{
          RequestFault::value,
          std::string(name) + " must be a day or a moment of UTC: 2026-11-28, " + "2026-11-28T18:30:00Z"};
    bound->assign(time.value_or(""));
  }
  return wanted;
}

bool narrowed(const library::Wanted& wanted) {
  return wanted.review || wanted.disagreed ||
         !(wanted.before + wanted.bout + wanted.fencer + wanted.piste + wanted.weapon + wanted.winner +
           wanted.from + wanted.until + wanted.words)
              .empty();
}

// With the folder: an id may be another phrase's later, whose revisions begin anew.
std::string etag_of(const Said& said) {
  return "\"" + said.version.folder + "-" + std::to_string(said.version.revision) + "\"";
}

Reply failure_reply(const base::Error<CatalogueError>& failure) {
  switch (failure.code) {
    case CatalogueError::unknown:
      return error_reply(http::status::not_found, failure.message);
    case CatalogueError::outdated:
      return error_reply(http::status::precondition_failed, failure.message);
    case CatalogueError::busy:
      return error_reply(http::status::conflict, failure.message);
    case CatalogueError::failed:
      break;
  }
  return error_reply(http::status::internal_server_error, failure.message);
}

// What people say of a phrase is beside its files.
Reply failure_reply(const base::Error<CatalogueError>& failure, const Question& asked) {
  if (failure.code == CatalogueError::unknown) return not_here_reply(asked);
  return failure_reply(failure);
}

Reply people_reply(const json::object& body, const Said& said) {
  Reply reply{.body = base::json_text(body)};
  reply.fields.emplace_back(http::field::etag, etag_of(said));
  return reply;
}

// If-Match: "FOLDER-7". What is no version of ours matches none.
std::optional<session::SaidVersion> version_in(const Request& request) {
  std::string_view text = request[http::field::if_match];
  if (text.empty() || text == "*") return std::nullopt;
  const std::size_t dash = text.rfind('-');
  if (dash == text.npos || text.size() < dash + 3 || text.front() != '"' || text.back() != '"')
    return session::SaidVersion();
  const auto revision = base::number_in<std::int64_t>(text.substr(dash + 1, text.size() - dash - 2));
  return session::SaidVersion{std::string(text.substr(1, dash - 1)), revision.value_or(-1)};
}

// Of the phrase, here or at another node; empty: none is known.
std::string folder_of(const Question& asked) {
  const auto here = asked.service.registry.directory(asked.key());
  return here ? here->filename().string() : asked.service.registry.folder_elsewhere(asked.key());
}

Reply change_reply(const Question& asked, const Asked<Change>& change, json::object (*shown)(const People&)) {
  if (!change) return error_reply(http::status::unprocessable_entity, change.error().message);
  const auto changed = asked.service.registry.change(asked.key(), version_in(asked.request), *change);
  return changed ? people_reply(shown(changed->people), *changed) : failure_reply(changed.error(), asked);
}

}  // namespace

Reply list_reply(const Question& asked) {
  const Service& service = asked.service;
  const std::string& owner = asked.grant.caller.owner;
  const auto wanted = wanted_in(asked.target, owner);
  if (!wanted) return error_reply(http::status::bad_request, wanted.error().message);
  const auto found = service.registry.catalogue().list(*wanted);
  if (!found) return failure_reply(found.error());
  json::array sessions;
  if (!narrowed(*wanted)) {
    for (const auto& one : service.registry.running(owner, std::chrono::steady_clock::now()))
      sessions.push_back(json::object{{"id", one.id}, {"state", one.state}});
    for (const auto& one : service.registry.running_elsewhere(owner)) {
      json::object shown{{"id", one.id}, {"state", one.state}};
      if (!one.node.empty()) shown["node"] = one.node;
      sessions.push_back(std::move(shown));
    }
  }
  for (const Phrase& phrase : found->phrases) sessions.push_back(entry(phrase, service));
  return {.body = base::json_text(
              json::object{{"sessions", std::move(sessions)}, {"next", text_or_null(found->next)}})};
}

Reply said_reply(const Question& asked) {
  const auto said = asked.service.registry.said(asked.key());
  return said ? people_reply(verdict_json(said->people), *said) : failure_reply(said.error(), asked);
}

Reply say_reply(const Question& asked) {
  return change_reply(asked, verdict_in(asked.body, utc_text(std::time(nullptr))), verdict_json);
}

Reply take_back_reply(const Question& asked) {
  const Change back = [](People& people) {
    if (people.verdict()) people.verdicts.push_back({.winner = "", .at = utc_text(std::time(nullptr))});
  };
  return change_reply(asked, back, verdict_json);
}

Reply patch_reply(const Question& asked) {
  return change_reply(asked, patch_in(asked.body), names_json);
}

// What is in the store goes too. That is noted when the folder is gone, and done by and by.
Reply delete_reply(const Question& asked) {
  const store::Store* store = asked.service.options.store;
  const std::string folder = store ? folder_of(asked) : "";
  if (!folder.empty() && !store->forget(asked.key(), folder))
    return busy_reply("The server's disk does not take it");
  const auto removed = asked.service.registry.remove(asked.key());
  if (!removed && !folder.empty()) store->recall(folder);
  if (removed) return {.status = http::status::no_content, .body = {}};
  if (removed.error().code == session::Status::Kind::unknown) return not_here_reply(asked);
  return error_reply(http::status::conflict, removed.error().message);
}

}  // namespace piste::server
