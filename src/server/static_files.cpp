#include "server/static_files.h"

#include <boost/beast/core/string.hpp>
#include <charconv>

#include "base/text.h"
#include "server/versions.h"

namespace piste::server {
namespace {

// The page's own files and its own service; nothing inline, nothing of others, in nobody's frame.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

bool wants_page(const Request& request) {
  return request[http::field::accept].find("text/html") != std::string_view::npos;
}

// The weight q of one item of Accept-Encoding, "br;q=0.5"; 1 where it has none.
double weight(std::string_view item) {
  double q = 1;
  for_each_part(item, ';', [&](std::string_view part) {
    if (part.starts_with("q=")) std::from_chars(part.data() + 2, part.data() + part.size(), q);
  });
  return q;
}

struct Content {
  std::string_view bytes, name;
};

Content content(const site::File& file, Coding coding) {
  switch (coding) {
    case Coding::brotli:
      return {file.brotli, "br"};
    case Coding::gzip:
      return {file.gzip, "gzip"};
    case Coding::identity:
      break;
  }
  return {file.raw, ""};
}

void add_headers(Reply& reply, const site::File& file) {
  const auto add = [&](http::field field, std::string_view value) {
    reply.fields.emplace_back(field, value);
  };
  add(http::field::vary, "Accept, Accept-Encoding");
  add(http::field::cache_control, file.lasting ? "public, max-age=31536000, immutable" : "no-cache");
  if (!file.type.starts_with("text/html")) return;
  reply.named_fields = {{"Content-Security-Policy", policy},
                        {"Referrer-Policy", "no-referrer"},
                        {"Permissions-Policy", "camera=(self), microphone=(), screen-wake-lock=(self)"},
                        {"Cross-Origin-Opener-Policy", "same-origin"}};
}

}  // namespace

Coding best_coding(std::string_view accept_encoding) {
  double brotli = 0, gzip = 0;
  for_each_part(accept_encoding, ',', [&](std::string_view item) {
    const std::string_view name = base::trimmed(item.substr(0, item.find(';')));
    if (beast::iequals(name, "br")) brotli = weight(item);
    if (beast::iequals(name, "gzip")) gzip = weight(item);
  });
  if (brotli > 0 && brotli >= gzip) return Coding::brotli;
  return gzip > 0 ? Coding::gzip : Coding::identity;
}

std::optional<Reply> answer_static(const Request& request, std::string_view path) {
  const site::File* file = site::find(path == "/" && wants_page(request) ? "/index.html" : path);
  if (!file) return std::nullopt;
  if (request.method() != http::verb::get && request.method() != http::verb::head)
    return method_reply("GET, HEAD");
  const auto [bytes, coding] = content(*file, best_coding(request[http::field::accept_encoding]));
  Reply reply;
  reply.content_type = file->type;
  reply.for_pages = false;
  const std::string etag = "\"" + std::string(file->hash) + std::string(coding) + "\"";
  reply.fields.emplace_back(http::field::etag, etag);
  add_headers(reply, *file);
  if (same_version(request[http::field::if_none_match], etag)) {
    reply.status = http::status::not_modified;
    return reply;
  }
  if (!coding.empty()) reply.fields.emplace_back(http::field::content_encoding, coding);
  reply.body = bytes;
  return reply;
}

}  // namespace piste::server
