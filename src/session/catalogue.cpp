#include "session/catalogue.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "session/library_entry.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;
using library::Phrase;
using CatalogueFailure = base::Error<CatalogueError>;

// A phrase that has just been judged is in the list that is asked for next; the many that a lost index is
// made of again are not waited for.
constexpr std::chrono::milliseconds patience{300};

std::unique_ptr<library::FileLibrary> open_library(const Shelf& shelf) {
  std::error_code failure;  // then it cannot be opened either
  fs::create_directory(shelf.library(), failure);
  auto opened = library::FileLibrary::open(shelf.library() / "library.db");
  if (opened) return std::move(*opened);
  base::log::error("", opened.error().message);
  return nullptr;
}

CatalogueFailure unknown() {
  return {CatalogueError::unknown, "No session of this id is known here"};
}

// Never written over: who can read it again has it still.
CatalogueFailure unreadable() {
  return {CatalogueError::failed, "What people said of the phrase cannot be read"};
}

}  // namespace

Catalogue::Catalogue(const Shelf& shelf, Events& events, bool elsewhere_too, library::Library* shared)
    : shelf_(shelf),
      events_(events),
      elsewhere_too_(elsewhere_too),
      library_(open_library(shelf)),
      shared_(shared),
      indexer_(library_.get(), shared) {}

void Catalogue::saw(const SessionKey& key, const fs::path& directory) {
  if (library_ && !directory.empty()) indexer_.add(key, directory);
}

std::optional<fs::path> Catalogue::directory(const SessionKey& key) const {
  indexer_.settle(key.owner, patience);
  const auto phrase = library_ ? library_->newest(key.owner, key.id) : std::nullopt;
  if (!phrase || !PhraseFolder::has_result(shelf_.path / phrase->folder)) return std::nullopt;
  return shelf_.path / phrase->folder;
}

std::optional<Phrase> Catalogue::elsewhere(const SessionKey& key) const {
  auto phrase = shared_ ? shared_->newest(key.owner, key.id) : std::nullopt;
  return phrase && !(library_ && library_->has(phrase->folder)) ? std::move(phrase) : std::nullopt;
}

bool Catalogue::lists(const std::string& folder) const {
  return library_ && library_->has(folder);
}

std::string Catalogue::node(const SessionKey& key) const {
  const auto phrase = elsewhere(key);
  return phrase ? phrase->node : "";
}

std::string Catalogue::folder_elsewhere(const SessionKey& key) const {
  const auto phrase = elsewhere(key);
  return phrase ? phrase->folder : "";
}

Catalogue::Result<Catalogue::Page> Catalogue::list(const library::Wanted& wanted) const {
  if (!library_) return CatalogueFailure{CatalogueError::failed, "The library could not be opened"};
  indexer_.settle(wanted.owner, patience);
  auto found = library_->list(wanted);
  if (!found) return CatalogueFailure{CatalogueError::failed, found.error().message};
  if (shared_) add_others(wanted, *found);
  Page page;
  if (found->size() == static_cast<std::size_t>(wanted.limit)) page.next = found->back().folder;
  for (Phrase& phrase : *found) {
    std::error_code failure;
    const bool here = PhraseFolder::has_result(shelf_.path / phrase.folder);
    const bool gone = !here && !fs::exists(shelf_.path / phrase.folder, failure) && !failure;
    if (here || !phrase.node.empty() || (gone && elsewhere_too_))
      page.phrases.push_back(std::move(phrase));
    else if (gone)
      drop(phrase.folder);
  }
  return page;
}

// Of what this node has itself, it knows more. While the others cannot be asked, it is all there is.
void Catalogue::add_others(const library::Wanted& wanted, std::vector<Phrase>& phrases) const {
  auto others = shared_->list(wanted);
  if (!others) return;
  for (Phrase& other : *others) {
    if (!library_->has(other.folder)) phrases.push_back(std::move(other));
  }
  std::ranges::sort(phrases, std::ranges::greater(), &Phrase::folder);
  phrases.resize(std::min(phrases.size(), static_cast<std::size_t>(wanted.limit)));
}

void Catalogue::drop(const std::string& folder) const {
  if (!library_) return;
  if (const auto dropped = library_->remove(folder); !dropped)
    base::log::warning("", dropped.error().message);
  indexer_.changed(folder);
}

void Catalogue::forget(const SessionKey& key, const std::string& folder) {
  drop(folder);
  events_.deleted(key);
}

Catalogue::Result<Said> Catalogue::said(const fs::path& directory) const {
  if (directory.empty() || !PhraseFolder::has_result(directory)) return unknown();
  auto people = people_of(directory);
  if (!people) return unreadable();
  const std::int64_t revision = people->revision;
  return Said{std::move(*people), {directory.filename().string(), revision}};
}

Catalogue::Result<Said> Catalogue::change(const SessionKey& key, const fs::path& directory,
                                          const std::optional<SaidVersion>& version,
                                          const std::function<void(People&)>& change) {
  const base::Lock lock(changing_);
  auto found = said(directory);
  if (!found) return found;
  if (version && *version != found->version)
    return CatalogueFailure{CatalogueError::outdated, "It was changed meanwhile: ask for it again"};
  People& people = found->people;
  change(people);
  while (people.verdicts.size() > People::most_verdicts) people.verdicts.erase(people.verdicts.begin());
  found->version.revision = ++people.revision;
  if (const auto put = PhraseFolder::put_people(shelf_, directory, print(people)); !put)
    return CatalogueFailure{CatalogueError::failed, "The server's disk does not take it"};
  if (library_) index(*library_, key, directory);
  indexer_.changed(directory.filename().string());
  events_.changed(key);
  return found;
}

Catalogue::Result<base::Done> Catalogue::remove(const SessionKey& key) {
  const auto path = directory(key);
  return path ? remove(key, *path) : unknown();
}

Catalogue::Result<base::Done> Catalogue::remove(const SessionKey& key, const fs::path& directory) {
  const base::Lock lock(changing_);
  const auto folder = PhraseFolder::take(shelf_, directory);
  if (!folder)
    return CatalogueFailure{CatalogueError::busy, "The phrase is being worked on: try again later"};
  if (!folder->remove_for_good())
    return CatalogueFailure{CatalogueError::failed, "The server's disk does not remove it"};
  drop(folder->name());
  events_.deleted(key);
  base::log::info(key.id, "removed, as its owner wishes: " + folder->name());
  return base::Done{};
}

}  // namespace piste::session
