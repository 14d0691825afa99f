#include "session/events.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/steady.h"
#include "protocol/json_text.h"
#include "protocol/sight_json.h"
#include "session/directory.h"

namespace piste::session {
namespace {

using protocol::JsonObject;

// A thousand numbers for each millisecond: more than can be told, and exact in every JSON reader.
std::uint64_t numbers_from_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) *
         1000;
}

void nothing(JsonObject&) {}

}  // namespace

Events::Subscription::Subscription(Subscription&& other) noexcept
    : events_(std::exchange(other.events_, nullptr)),
      owner_(std::move(other.owner_)),
      number_(other.number_) {}

Events::Subscription::~Subscription() {
  if (events_) events_->forget(owner_, number_);
}

Events::Events(Directory* directory) : directory_(directory), base_(numbers_from_now()) {
  if (!directory_) return;
  directory_->hear([this](const std::string& owner, const std::string& type, const std::string& fields) {
    const base::Lock lock(mutex_);
    put(owner, type, fields);
  });
}

Events::~Events() {
  if (directory_) directory_->hear({});
}

void Events::state(const SessionKey& key, std::string_view state, std::string_view folder) {
  // A session that has gone on at another node is gone here only: the directory knows, and tells the others.
  const Hearers hearers = state == gone_state ? Hearers::here : Hearers::all_nodes;
  const auto more = [&](JsonObject& event) {
    event.add("state", state);
    if (!folder.empty()) event.add("version", folder);
  };
  tell(key, "session_state", more, hearers);
}

void Events::decision(const SessionKey& key, const std::string& decision) {
  tell(key, "decision", [&](JsonObject& event) { event.raw("decision", decision); });
}

void Events::phrase_decision(const SessionKey& key, int number, const std::string& decision) {
  tell(key, "phrase_decision",
       [&](JsonObject& event) { event.add("number", number).raw("decision", decision); });
}

void Events::phrase_complete(const SessionKey& key, int number, const types::PerSide<int>& score,
                             const std::string& folder) {
  tell(key, "phrase_complete", [&](JsonObject& event) {
    const auto sides = JsonObject().add("left", score.left).add("right", score.right);
    event.add("number", number).raw("score", sides.text()).add("folder", folder);
  });
}

void Events::sight(const SessionKey& key, const types::SeenFencers& sight) {
  const base::Lock lock(mutex_);
  const Log& log = log_of(key.owner);
  if (log.listeners.empty()) return;
  JsonObject event;
  event.add("type", "sight").add("seq", log.last).add("time", base::steady_seconds());
  event.add("session_id", key.id).add("frame", sight.frame);
  protocol::add(event, sight);
  const Text text = std::make_shared<const std::string>(event.text());
  for (const auto& [number, listener] : log.listeners) listener(text, false);
}

void Events::changed(const SessionKey& key) {
  tell(key, "changed", nothing);
}

void Events::deleted(const SessionKey& key) {
  tell(key, "deleted", nothing);
}

void Events::tell(const SessionKey& key, std::string_view type, const std::function<void(JsonObject&)>& more,
                  Hearers hearers) {
  JsonObject fields;
  fields.add("session_id", key.id);
  more(fields);
  const std::string text = fields.text();
  const base::Lock lock(mutex_);
  put(key.owner, type, text);
  if (directory_ && hearers == Hearers::all_nodes) directory_->tell(key.owner, type, text);
}

// fields: an object, of which all but its '{' follows.
void Events::put(const std::string& owner, std::string_view type, const std::string& fields) {
  Log& log = log_of(owner);
  JsonObject event;
  event.add("type", type).add("seq", ++log.last).add("time", base::steady_seconds());
  std::string joined = event.text();
  joined.back() = ',';
  const Text text = std::make_shared<const std::string>(joined + fields.substr(1));
  log.kept.push_back(text);
  log.bytes += text->size();
  while (log.kept.size() > most_kept || (log.bytes > most_bytes && log.kept.size() > 1)) {
    log.bytes -= log.kept.front()->size();
    log.kept.pop_front();
  }
  for (const auto& [number, listener] : log.listeners) listener(text, true);
}

Events::Heard Events::listen(const std::string& owner, std::optional<std::uint64_t> since,
                             Listener listener) {
  const base::Lock lock(mutex_);
  Log& log = log_of(owner);
  const std::uint64_t before_kept = log.last - log.kept.size();
  const bool missed = since && (*since < before_kept || *since > log.last);
  if (since && *since < log.last) {
    const std::uint64_t known = std::max(*since, before_kept) - before_kept;
    for (std::size_t i = known; i < log.kept.size(); ++i) listener(log.kept[i], true);
  }
  log.listeners.emplace(++listened_, std::move(listener));
  return {log.last, missed, Subscription(*this, owner, listened_)};
}

Events::Log& Events::log_of(const std::string& owner) {
  return logs_.try_emplace(owner, Log{base_, {}, 0, {}}).first->second;
}

void Events::forget(const std::string& owner, std::uint64_t number) {
  const base::Lock lock(mutex_);
  log_of(owner).listeners.erase(number);
}

}  // namespace piste::session
