#include "server/artifact_route.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "server/target.h"
#include "server/versions.h"

namespace piste::server {
namespace {

using Named = std::pair<std::string_view, std::string_view>;

constexpr std::string_view any_bytes = "application/octet-stream";
constexpr std::string_view video_start = "phrase.";
constexpr std::array<Named, 6> fixed{{
    {"overlay.mp4", "video/mp4"},
    {"phrase.txt", "text/plain; charset=utf-8"},
    {"keypoints.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"keypoints.json", "application/json"},
    {"curves.json", "application/json"},
    {"analysis_result.json", "application/json"},
}};
constexpr std::array<Named, 8> videos{{{"mp4", "video/mp4"},
                                       {"m4v", "video/mp4"},
                                       {"mov", "video/quicktime"},
                                       {"mkv", "video/x-matroska"},
                                       {"webm", "video/webm"},
                                       {"avi", "video/x-msvideo"},
                                       {"ts", "video/mp2t"},
                                       {"mjpeg", "video/x-motion-jpeg"}}};

template <std::size_t count>
std::optional<std::string_view> type_in(const std::array<Named, count>& list, std::string_view name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == name; });
  return found == list.end() ? std::nullopt : std::optional(found->second);
}

// As uploads are named.
bool is_extension(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

// Ids may be used again, for another phrase: what is kept for ever must name the folder, which never is.
std::string_view caching(const std::filesystem::path& directory, std::string_view query) {
  return parameter_in(query, "v") == directory.filename() ? "private, max-age=31536000, immutable"
                                                          : "private, no-cache";
}

// A part of another version would be no part of what the client has. HEAD knows no parts.
WantedBytes wanted(const Request& request, const OpenFile& file) {
  const auto condition = request[http::field::if_range];
  const bool outdated = !condition.empty() && base::trimmed(condition) != file.etag();
  return outdated || request.method() == http::verb::head
             ? WantedBytes()
             : wanted_bytes(request[http::field::range], file.size());
}

void put_bytes(Reply& reply, const WantedBytes& wanted) {
  const std::string size = std::to_string(reply.file->size());
  reply.bytes = {0, reply.file->size()};
  if (wanted.kind == WantedBytes::Kind::unreachable) {
    Reply refusal = error_reply(http::status::range_not_satisfiable, "The file has " + size + " bytes");
    refusal.fields.emplace_back(http::field::content_range, "bytes */" + size);
    reply = std::move(refusal);
  } else if (wanted.kind == WantedBytes::Kind::part) {
    reply.status = http::status::partial_content;
    reply.bytes = wanted.range;
    const std::uint64_t last = wanted.range.first + wanted.range.length - 1;
    reply.fields.emplace_back(http::field::content_range, "bytes " + std::to_string(wanted.range.first) +
                                                              "-" + std::to_string(last) + "/" + size);
  }
}

}  // namespace

std::optional<std::string_view> artifact_type(std::string_view name) {
  if (const auto type = type_in(fixed, name)) return type;
  if (!name.starts_with(video_start)) return std::nullopt;
  const std::string_view extension = name.substr(video_start.size());
  if (!is_extension(extension)) return std::nullopt;
  return type_in(videos, extension).value_or(any_bytes);
}

Reply artifact_reply(const Request& request, const std::filesystem::path& directory, std::string_view name,
                     std::string_view query) {
  const auto type = artifact_type(name);
  auto file = type ? OpenFile::open(directory / name) : nullptr;
  if (!file) return error_reply(http::status::not_found, "The phrase has no such file");
  Reply reply;
  reply.content_type = *type;
  const bool shown = type->starts_with("video/") || type->starts_with("application/json");
  const auto add = [&](http::field field, std::string_view value) {
    reply.fields.emplace_back(field, value);
  };
  add(http::field::etag, file->etag());
  add(http::field::cache_control, caching(directory, query));
  add(http::field::accept_ranges, "bytes");
  add(http::field::content_disposition,
      (shown ? "inline; filename=\"" : "attachment; filename=\"") + std::string(name) + "\"");
  if (same_version(request[http::field::if_none_match], file->etag())) {
    reply.status = http::status::not_modified;
    return reply;
  }
  const WantedBytes bytes = wanted(request, *file);
  reply.file = std::move(file);
  put_bytes(reply, bytes);
  return reply;
}

}  // namespace piste::server
