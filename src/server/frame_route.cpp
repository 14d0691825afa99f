#include "server/frame_route.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/number.h"
#include "server/session_route.h"
#include "server/target.h"
#include "server/turn.h"
#include "session/phrase_folder.h"

namespace piste::server {
namespace {

// At a time: each is a process that decodes.
constexpr int most_picked = 2;
constexpr int widest = 8192;  // pixels

// "12.jpg"; nullopt: it is no such name.
std::optional<std::int64_t> number_of(std::string_view name) {
  constexpr std::string_view end = ".jpg";
  if (!name.ends_with(end)) return std::nullopt;
  const auto number = base::number_in<std::int64_t>(name.substr(0, name.size() - end.size()));
  return number && *number >= 0 ? number : std::nullopt;
}

// What stands there; nullptr: nothing does.
const boost::json::value* inside(const boost::json::value* value, std::string_view name) {
  return value && value->is_object() ? value->get_object().if_contains(name) : nullptr;
}

// Of the first hit that has one, as the phrase's result tells; nullopt: none has.
std::optional<std::int64_t> hit_frame(const std::filesystem::path& directory) {
  boost::system::error_code wrong;
  const auto text = session::PhraseFolder::result_in(directory);
  const auto result = boost::json::parse(text.value_or("null"), wrong);
  const auto* touches = inside(inside(&result, "phrase"), "touches");
  std::optional<std::int64_t> first;
  if (!touches || !touches->is_array()) return first;
  for (const auto& touch : touches->get_array()) {
    const auto* frame = inside(&touch, "frame");
    if (!frame || !frame->is_int64() || frame->get_int64() < 0) continue;
    first = std::min(first.value_or(frame->get_int64()), frame->get_int64());
  }
  return first;
}

// 0: as wide as it is; nullopt: it is no width.
std::optional<int> width_in(std::string_view query) {
  const std::string text = parameter_in(query, "w");
  if (text.empty()) return 0;
  const auto width = base::number_in<int>(text);
  return width && *width >= 1 && *width <= widest ? width : std::nullopt;
}

Reply picture_reply(const Question& asked, const std::filesystem::path& directory, std::string_view name,
                    bool part) {
  const auto number = name == "hit.jpg" ? hit_frame(directory) : number_of(name);
  const auto width = width_in(asked.target.query);
  if (!number)
    return error_reply(
        http::status::not_found,
        "A frame is asked for as 12.jpg, by its number, or as hit.jpg, if the phrase has a hit");
  if (!width)
    return error_reply(http::status::bad_request, "w is a width in pixels, 1 to " + std::to_string(widest));
  const Turn turn(asked.service.picking, most_picked);
  if (!turn.free()) return busy_reply("Other frames are being fetched: try again in a moment");
  auto picture = asked.service.registry.frame_picture(directory, *number, *width);
  if (!picture) {
    const bool none = picture.error().code == pipeline::ErrorCode::frame;
    return error_reply(none ? http::status::not_found : http::status::internal_server_error,
                       "There is no such picture: " + picture.error().message);
  }
  Reply reply{.content_type = "image/jpeg", .body = std::string(picture->begin(), picture->end())};
  const bool named = !part && parameter_in(asked.target.query, "v") == directory.filename();
  reply.fields.emplace_back(http::field::cache_control,
                            named ? "private, max-age=31536000, immutable" : "private, no-cache");
  return reply;
}

}  // namespace

Reply frame_reply(const Question& asked) {
  const auto directory = phrase_of(asked);
  return directory ? picture_reply(asked, *directory, asked.second, false) : not_here_reply(asked);
}

Reply part_frame_reply(const Question& asked) {
  const auto bout = bout_of(asked);
  return bout ? picture_reply(asked, *bout / asked.second, asked.third, true) : not_here_reply(asked);
}

}  // namespace piste::server
