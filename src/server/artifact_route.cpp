#include "server/artifact_route.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "server/open_file.h"
#include "server/target.h"
#include "server/versions.h"
#include "store/artifact_type.h"

namespace piste::server {
namespace {

// Ids may be used again, for another phrase: what is kept for ever must name the folder, which never is.
std::string_view caching(std::string_view folder, std::string_view query) {
  return parameter_in(query, "v") == folder ? "private, max-age=31536000, immutable" : "private, no-cache";
}

// A part of another version would be no part of what the client has. HEAD knows no parts.
WantedBytes wanted(const Request& request, const Readable& file) {
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

Reply artifact_reply(const Request& request, const std::filesystem::path& directory, std::string_view name,
                     std::string_view query) {
  const auto type = store::artifact_type(name);
  auto file = type ? OpenFile::open(directory / name) : nullptr;
  // Made when nothing else is to be done, if at all: who asks for it is not in the wrong.
  std::error_code failure;
  if (!file && name == "clean.mp4" && std::filesystem::is_directory(directory, failure))
    return {.status = http::status::no_content, .body = {}};
  if (!file) return error_reply(http::status::not_found, "The phrase has no such file");
  return file_reply(request, std::move(file), directory.filename().string(), name, *type, query);
}

Reply file_reply(const Request& request, std::shared_ptr<const Readable> file, std::string_view folder,
                 std::string_view name, std::string_view type, std::string_view query) {
  Reply reply;
  reply.content_type = type;
  const bool shown = type.starts_with("video/") || type.starts_with("application/json");
  const auto add = [&](http::field field, std::string_view value) {
    reply.fields.emplace_back(field, value);
  };
  add(http::field::etag, file->etag());
  add(http::field::cache_control, caching(folder, query));
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
