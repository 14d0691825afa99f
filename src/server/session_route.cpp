#include "server/session_route.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "server/artifact_route.h"
#include "session/snapshot.h"

namespace piste::server {
namespace {

using session::Status;

Reply unknown() {
  return error_reply(http::status::not_found, "No session of this id is known here");
}

// Whether it is the name of a folder that a bout's phrase has in the bout's: "phrase-07".
bool is_part(std::string_view name) {
  constexpr std::string_view start = "phrase-";
  return name.starts_with(start) && name.size() > start.size() &&
         name.find_first_not_of("0123456789", start.size()) == std::string_view::npos;
}

}  // namespace

std::optional<std::filesystem::path> phrase_of(const Question& asked) {
  const session::Registry& registry = asked.service.registry;
  if (asked.grant.folder.empty() && registry.newer_elsewhere(asked.key())) return std::nullopt;
  return registry.directory(asked.key());
}

std::optional<std::filesystem::path> bout_of(const Question& asked) {
  if (!is_part(asked.second)) return std::nullopt;
  const session::Registry& registry = asked.service.registry;
  return asked.grant.folder.empty() ? registry.bout(asked.key()) : registry.directory(asked.key());
}

Reply not_here_reply(const Question& asked) {
  const std::string node = asked.service.registry.node(asked.key());
  if (node.empty()) return unknown();
  return error_reply(
      http::status::not_found,
      "This phrase's files are on the node " + node +
          ": ask there, by the URL of the phrase's piste, or have the files in S3 (REFEREE_S3)");
}

namespace {

Reply file_of(const Question& asked, std::string_view name) {
  const auto directory = phrase_of(asked);
  return directory ? artifact_reply(asked.request, *directory, name, asked.target.query)
                   : not_here_reply(asked);
}

// The names of a bout's phrases are other bouts' too, so that nothing of theirs may be kept for ever (?v=).
Reply part_file(const Question& asked, std::string_view name) {
  const auto bout = bout_of(asked);
  return bout ? artifact_reply(asked.request, *bout / asked.second, name, {}) : not_here_reply(asked);
}

}  // namespace

// What a link opens is over, whatever runs under its id now.
Reply state_reply(const Question& asked) {
  if (!asked.grant.folder.empty()) return {.body = session::status_json(asked.first, "COMPLETE")};
  const Status status = asked.service.registry.status(asked.key(), std::chrono::steady_clock::now());
  if (status.kind == Status::Kind::unknown) return unknown();
  return {.body = status.json};
}

Reply result_reply(const Question& asked) {
  if (!asked.grant.folder.empty()) return file_of(asked, "analysis_result.json");
  auto result = asked.service.registry.result(asked.key());
  if (result) return {.body = std::move(*result)};
  switch (result.error().code) {
    case Status::Kind::processing: {
      Reply reply = error_reply(http::status::accepted, result.error().message);
      reply.fields.emplace_back(http::field::retry_after, "1");
      return reply;
    }
    case Status::Kind::receiving:
      return error_reply(http::status::conflict, result.error().message);
    case Status::Kind::failed:
      return error_reply(http::status::internal_server_error, result.error().message);
    case Status::Kind::unknown:
    case Status::Kind::complete:
      break;
  }
  return unknown();
}

Reply live_picture_reply(const Question& asked) {
  const auto picture = asked.service.registry.live_picture(asked.key());
  if (!picture) {
    const Status status = asked.service.registry.status(asked.key(), std::chrono::steady_clock::now());
    if (status.kind == Status::Kind::unknown) return unknown();
    return {.status = http::status::no_content, .body = {}};
  }
  return {.content_type = "image/jpeg", .body = std::string(picture->begin(), picture->end())};
}

Reply artifact_of_reply(const Question& asked) {
  return file_of(asked, asked.second);
}

Reply keypoints_reply(const Question& asked) {
  return file_of(asked, "keypoints.json");
}

Reply curves_reply(const Question& asked) {
  return file_of(asked, "curves.json");
}

Reply part_result_reply(const Question& asked) {
  return part_file(asked, "analysis_result.json");
}

Reply part_artifact_reply(const Question& asked) {
  return part_file(asked, asked.third);
}

Reply part_keypoints_reply(const Question& asked) {
  return part_file(asked, "keypoints.json");
}

Reply part_curves_reply(const Question& asked) {
  return part_file(asked, "curves.json");
}

}  // namespace piste::server
