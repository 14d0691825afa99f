#include "client/upload_command.h"

#include <algorithm>

#include "base/text.h"

namespace piste::client {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:@%+=,").find(c) != std::string_view::npos;
}

// As a shell reads it back.
std::string quoted(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return base::escaped(out + "'");
}

std::string where_secrets_go(const ServerUrl& server) {
  std::string out;
  if (server.authorization.starts_with("Bearer ")) out += ", with the token in REFEREE_TOKEN";
  if (server.authorization.starts_with("Basic ")) out += ", with user and password in the URL as before";
  if (!server.query.empty()) out += ", with ? and what followed it in the URL as before";
  return out;
}

}  // namespace

std::string upload_advice(const StreamingOptions& options, const std::filesystem::path& video) {
  std::string out = "to send it later" + where_secrets_go(options.server) + ": referee_client";
  const auto add = [&](const std::string& word) { out += " " + quoted(word); };
  const auto add_option = [&](const std::string& name, const std::string& value) {
    if (value.empty()) return;
    add(name);
    add(value);
  };
  add(options.server.shown(""));
  add(video.string());
  add(options.signal.string());
  add_option("--ca", options.ca.string());
  if (options.weapon) add_option("--weapon", std::string(types::to_string(*options.weapon)));
  add_option("--piste-corners", types::to_string(options.marks.piste));
  if (options.marks.fencers) add_option("--fencers", types::to_string(*options.marks.fencers));
  if (options.include_keypoints) add("--include-keypoints");
  if (!options.overlay) add("--no-overlay");
  add_option("--output", options.output.string());
  return out;
}

}  // namespace piste::client
