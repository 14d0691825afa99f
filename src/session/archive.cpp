#include "session/archive.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "protocol/print.h"
#include "session/catalogue.h"
#include "session/directory.h"
#include "session/phrase_folder.h"

namespace piste::session {
namespace {

constexpr std::size_t most_text =
    64 << 20;  // bytes held; results with keypoints of long phrases are megabytes

bool on_disk(const Ended& ended) {
  std::error_code failure;
  if (ended.directory.empty()) return false;
  return ended.succeeded ? PhraseFolder::has_result(ended.directory)
                         : std::filesystem::exists(ended.directory, failure);
}

}  // namespace

std::string last_message(const std::string& session_id, const Ended& ended) {
  if (ended.succeeded) return protocol::print(protocol::ProcessComplete{session_id, ended.text});
  return protocol::print(
      protocol::Error{session_id, protocol::ErrorCode::processing_failed, ended.text, false, {}});
}

void Archive::let_go(Entry& entry) {
  text_bytes_ -= entry.ended.text.size();
  std::string().swap(entry.ended.text);
}

// Lets go of the oldest texts, on disk or not, and forgets the oldest phrases: more than this no server can
// hold.
void Archive::make_room() {
  while (entries_.size() > most_) {
    const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
      return a.second.turn < b.second.turn;
    });
    let_go(oldest->second);
    entries_.erase(oldest);
  }
  while (text_bytes_ > most_text) {
    Entry* oldest = nullptr;
    for (auto& [key, entry] : entries_) {
      if (!entry.ended.text.empty() && (!oldest || entry.turn < oldest->turn)) oldest = &entry;
    }
    let_go(*oldest);
  }
}

void Archive::forget(const SessionKey& key) {
  const base::Lock lock(mutex_);
  const auto at = entries_.find(key);
  if (at == entries_.end()) return;
  let_go(at->second);
  entries_.erase(at);
}

void Archive::add(const SessionKey& key, Ended ended) {
  if (catalogue_ && ended.succeeded) catalogue_->saw(key, ended.directory);
  if (directory_ && !ended.text.empty()) directory_->ended(key, ended);
  const base::Lock lock(mutex_);
  Entry& entry = entries_[key];
  if (entry.ended.sequence > 0 && entry.ended.sequence >= ended.sequence) return;
  let_go(entry);
  text_bytes_ += ended.text.size();
  entry = Entry{std::move(ended), ++turns_, {}};
  make_room();
}

std::size_t Archive::size() const {
  const base::Lock lock(mutex_);
  return entries_.size();
}

std::optional<std::filesystem::path> Archive::directory(const SessionKey& key) const {
  const base::Lock lock(mutex_);
  const auto at = entries_.find(key);
  if (at == entries_.end() || !at->second.ended.succeeded || at->second.ended.directory.empty())
    return std::nullopt;
  return at->second.ended.directory;
}

std::optional<Ended> Archive::find(const SessionKey& key) const {
  Ended found;
  {
    const base::Lock lock(mutex_);
    const auto at = entries_.find(key);
    if (at == entries_.end()) return std::nullopt;
    found = at->second.ended;
  }
  if (!found.text.empty()) return found;
  found.text = PhraseFolder::result_in(found.directory).value_or("");
  if (found.text.empty()) return std::nullopt;
  return found;
}

void Archive::sweep(TimePoint now, std::chrono::seconds age) {
  const base::Lock lock(mutex_);
  for (auto at = entries_.begin(); at != entries_.end();) {
    auto& entry = at->second;
    if (!entry.since) entry.since = now;
    const bool kept = !entry.ended.succeeded && on_disk(entry.ended);  // a short text, as long as its files
    if (now - *entry.since < age || kept) {
      ++at;
      continue;
    }
    let_go(entry);
    at = on_disk(entry.ended) ? std::next(at) : entries_.erase(at);
  }
}

}  // namespace piste::session
