// What the store has of a phrase. It is an object itself, twice: in the phrase's folder, before its files are
// there, so that they are found whatever becomes of the node; and under the session's id, when all are there.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "session/caller.h"

namespace piste::store {

struct Manifest {
  std::string folder;
  std::map<std::string, std::uint64_t> files;  // by name: bytes. "phrase-01/overlay.mp4" of a bout's phrase
};

std::string print(const Manifest& manifest);
// nullopt: none of ours.
std::optional<Manifest> parse_manifest(std::string_view text);

// Keys in the bucket.
std::string file_key(const std::string& folder, const std::string& name);
std::string manifest_key(const std::string& folder);
// Of the newest phrase of this id. Ids are anything, and may tell of people: they are not to be read from it.
std::string session_key(const session::SessionKey& key);

}  // namespace piste::store
