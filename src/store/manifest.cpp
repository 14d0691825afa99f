#include "store/manifest.h"

#include <boost/json.hpp>

#include "session/phrase_folder.h"
#include "store/signature.h"

namespace piste::store {
namespace {

namespace json = boost::json;

}  // namespace

std::string print(const Manifest& manifest) {
  json::object files;
  for (const auto& [name, size] : manifest.files) files[name] = size;
  return json::serialize(json::object{{"folder", manifest.folder}, {"files", std::move(files)}});
}

std::optional<Manifest> parse_manifest(std::string_view text) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return std::nullopt;
  const json::value* folder = value.get_object().if_contains("folder");
  const json::value* files = value.get_object().if_contains("files");
  if (!folder || !folder->is_string() || !files || !files->is_object()) return std::nullopt;
  Manifest manifest{std::string(folder->get_string()), {}};
  if (!session::PhraseFolder::is_name(manifest.folder)) return std::nullopt;
  for (const auto& [name, size] : files->get_object()) {
    boost::system::error_code none;
    const auto bytes = size.to_number<std::uint64_t>(none);
    if (none) return std::nullopt;
    manifest.files[std::string(name)] = bytes;
  }
  return manifest;
}

std::string file_key(const std::string& folder, const std::string& name) {
  return "/" + folder + "/" + name;
}

std::string manifest_key(const std::string& folder) {
  return file_key(folder, "manifest.json");
}

std::string session_key(const session::SessionKey& key) {
  return "/sessions/" + sha256(key.owner + '\n' + key.id) + ".json";
}

}  // namespace piste::store
