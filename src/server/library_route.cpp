#include "server/library_route.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <optional>

#include "base/json_text.h"
#include "base/number.h"
#include "library/phrase.h"
#include "server/artifact_route.h"
#include "server/request_error.h"
#include "server/said.h"
#include "server/utc_text.h"
#include "session/catalogue.h"

namespace piste::server {
namespace {

namespace json = boost::json;
using library::Phrase;
using session::CatalogueError;
using session::People;

constexpr int usual_page = 50, longest_page = 500;
constexpr std::size_t longest_search = 200;
constexpr std::ptrdiff_t most_words = 12;  // each is looked for in all notes
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

// "20261128T183000Z-..." of a folder's name as "2026-11-28T18:30:00Z".
std::string started(std::string_view folder) {
  std::string out(folder.substr(0, 16));
  if (out.size() < 16) return {};
  for (const std::size_t colon : {13u, 11u}) out.insert(colon, ":");
  for (const std::size_t dash : {6u, 4u}) out.insert(dash, "-");
  return out;
}

// The other way: a day, or a moment, as the beginning of such names. Nothing: it is neither.
std::optional<std::string> folder_time(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '-' && c != ':') out.push_back(c);
  constexpr std::string_view pattern = "00000000T000000Z";
  if (out.size() != 8 && out.size() != pattern.size()) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool digit = out[i] >= '0' && out[i] <= '9';
    if (pattern[i] == '0' ? !digit : out[i] != pattern[i]) return std::nullopt;
  }
  return out;
}

json::array artifacts_in(const std::filesystem::path& directory) {
  json::array out;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
    const std::string name = entry.path().filename().string();
    if (artifact_type(name) && entry.is_regular_file(failure)) out.emplace_back(name);
  }
  return out;
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

json::object entry(const Phrase& phrase, const Service& service) {
  json::array tags;
  for (const std::string& tag : phrase.tags) tags.emplace_back(tag);
  return {{"id", phrase.id},
          {"state", "COMPLETE"},
          {"started", started(phrase.folder)},
          {"duration", phrase.duration},
          {"name", phrase.name},
          {"bout", text_or_null(phrase.bout)},
          {"fencers", json::object{{"left", phrase.left}, {"right", phrase.right}}},
          {"tags", std::move(tags)},
          {"weapon", phrase.weapon},
          {"winner", phrase.winner},
          {"confidence", phrase.confidence},
          {"review", phrase.review},
          {"reason", phrase.reason},
          {"human_verdict", text_or_null(phrase.human_verdict)},
          {"version", phrase.folder},
          {"artifacts", artifacts_in(service.registry.limits().output_dir / phrase.folder)}};
}

Asked<library::Wanted> wanted_in(const Target& target, const std::string& owner) {
  const auto value = [&](std::string_view name) { return parameter_in(target.query, name); };
  library::Wanted wanted{.owner = owner,
                         .before = value("after"),
                         .bout = value("bout"),
                         .fencer = value("fencer"),
                         .weapon = value("weapon"),
                         .review = value("review") == "1" || value("review") == "true",
                         .words = value("q"),
                         .limit = usual_page};
  if (wanted.words.size() > longest_search || wanted.words.find('\0') != std::string::npos ||
      std::ranges::count_if(wanted.words, is_blank) >= most_words)
    return AskedWrongly{RequestFault::value, "q must be at most " + std::to_string(most_words) +
                                                 " words, in " + std::to_string(longest_search) + " bytes"};
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
  return wanted.review || !(wanted.before + wanted.bout + wanted.fencer + wanted.weapon + wanted.from +
                            wanted.until + wanted.words)
                               .empty();
}

std::string etag_of(const People& people) {
  return "\"" + std::to_string(people.revision) + "\"";
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

Reply people_reply(const json::object& body, const People& people) {
  Reply reply{.body = base::json_text(body)};
  reply.fields.emplace_back(http::field::etag, etag_of(people));
  return reply;
}

// If-Match: "7". What is no revision of ours matches none.
std::optional<std::int64_t> revision_in(const Request& request) {
  const std::string_view text = request[http::field::if_match];
  if (text.empty() || text == "*") return std::nullopt;
  const bool quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
  return quoted ? base::number_in<std::int64_t>(text.substr(1, text.size() - 2)).value_or(-1) : -1;
}

Reply change_reply(const Request& request, const Asked<Change>& change, const session::SessionKey& key,
                   const Service& service, json::object (*shown)(const People&)) {
  if (!change) return error_reply(http::status::unprocessable_entity, change.error().message);
  const auto changed = service.registry.catalogue().change(key, revision_in(request), *change);
  return changed ? people_reply(shown(*changed), *changed) : failure_reply(changed.error());
}

}  // namespace

Reply list_reply(const Target& target, const std::string& owner, const Service& service) {
  const auto wanted = wanted_in(target, owner);
  if (!wanted) return error_reply(http::status::bad_request, wanted.error().message);
  const auto found = service.registry.catalogue().list(*wanted);
  if (!found) return failure_reply(found.error());
  json::array sessions;
  if (!narrowed(*wanted)) {
    for (const auto& [id, state] : service.registry.running(owner, std::chrono::steady_clock::now()))
      sessions.push_back(json::object{{"id", id}, {"state", state}});
  }
  for (const Phrase& phrase : found->phrases) sessions.push_back(entry(phrase, service));
  return {.body = base::json_text(
              json::object{{"sessions", std::move(sessions)}, {"next", text_or_null(found->next)}})};
}

Reply human_verdict_reply(const Request& request, std::string_view body, const session::SessionKey& key,
                          const Service& service) {
  switch (request.method()) {
    case http::verb::get:
    case http::verb::head: {
      const auto people = service.registry.catalogue().people(key);
      return people ? people_reply(verdict_json(*people), *people) : failure_reply(people.error());
    }
    case http::verb::put:
      return change_reply(request, verdict_in(body, utc_text(std::time(nullptr))), key, service,
                          verdict_json);
    case http::verb::delete_: {
      const Change back = [](People& people) {
        if (people.verdict()) people.verdicts.push_back({.winner = "", .at = utc_text(std::time(nullptr))});
      };
      return change_reply(request, back, key, service, verdict_json);
    }
    default:
      return method_reply("GET, HEAD, PUT, DELETE");
  }
}

Reply patch_reply(const Request& request, std::string_view body, const session::SessionKey& key,
                  const Service& service) {
  return change_reply(request, patch_in(body), key, service, names_json);
}

Reply delete_reply(const session::SessionKey& key, const Service& service) {
  const auto removed = service.registry.remove(key);
  if (removed) return {.status = http::status::no_content, .body = {}};
  const bool unknown = removed.error().code == session::Status::Kind::unknown;
  return error_reply(unknown ? http::status::not_found : http::status::conflict, removed.error().message);
}

}  // namespace piste::server
