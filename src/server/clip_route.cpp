#include "server/clip_route.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/number.h"
#include "server/session_route.h"
#include "server/target.h"
#include "server/turn.h"

namespace piste::server {
namespace {

constexpr int most_cut = 1;             // at a time: each decodes and encodes
constexpr std::int64_t longest = 1800;  // frames: half a minute of a fast camera
constexpr std::array<std::pair<std::string_view, double>, 4> speeds{
    {{"", 1}, {"1", 1}, {"0.5", .5}, {"0.25", .25}}};

// "12-80.mp4"; nullopt: it is no such name.
std::optional<pipeline::Clip> frames_in(std::string_view name) {
  constexpr std::string_view end = ".mp4";
  if (!name.ends_with(end)) return std::nullopt;
  name.remove_suffix(end.size());
  const std::size_t between = name.find('-');
  if (between == std::string_view::npos) return std::nullopt;
  const auto first = base::number_in<std::int64_t>(name.substr(0, between));
  const auto last = base::number_in<std::int64_t>(name.substr(between + 1));
  if (!first || !last || *first < 0 || *last < *first) return std::nullopt;
  return pipeline::Clip{.first = *first, .last = *last};
}

std::optional<double> speed_in(std::string_view query) {
  const std::string text = parameter_in(query, "speed");
  for (const auto& [name, speed] : speeds) {
    if (name == text) return speed;
  }
  return std::nullopt;
}

Reply refusal(const pipeline::Error& error) {
  const bool none = error.code == pipeline::ErrorCode::frame;
  if (error.code == pipeline::ErrorCode::cancelled) return busy_reply("The service is being stopped");
  return error_reply(none ? http::status::not_found : http::status::internal_server_error, error.message);
}

Reply film_reply(const Question& asked, const std::filesystem::path& directory, const std::string& name,
                 bool part) {
  auto clip = frames_in(name);
  const auto speed = speed_in(asked.target.query);
  if (!clip)
    return error_reply(http::status::not_found,
                       "A clip is asked for as 12-80.mp4, by the numbers of its first and last frame");
  if (!speed) return error_reply(http::status::bad_request, "speed is 1, 0.5 or 0.25");
  if (clip->last - clip->first >= longest)
    return error_reply(http::status::bad_request,
                       "A clip has " + std::to_string(longest) + " frames at most");
  clip->speed = *speed;
  clip->drawn = parameter_in(asked.target.query, "drawn") == "1";
  const Turn turn(asked.service.cutting, most_cut);
  if (!turn.free()) return busy_reply("Another clip is being made: try again in a moment");
  auto film = asked.service.registry.clip(directory, *clip, [&] { return asked.service.cancelled.load(); });
  if (!film) return refusal(film.error());
  Reply reply{.content_type = "video/mp4", .body = std::string(film->begin(), film->end())};
  const bool named = !part && parameter_in(asked.target.query, "v") == directory.filename();
  reply.fields.emplace_back(http::field::cache_control,
                            named ? "private, max-age=31536000, immutable" : "private, no-cache");
  reply.fields.emplace_back(http::field::content_disposition, "inline; filename=\"" + name + "\"");
  return reply;
}

}  // namespace

Reply clip_reply(const Question& asked) {
  const auto directory = phrase_of(asked);
  return directory ? film_reply(asked, *directory, asked.second, false) : not_here_reply(asked);
}

Reply part_clip_reply(const Question& asked) {
  const auto bout = bout_of(asked);
  return bout ? film_reply(asked, *bout / asked.second, asked.third, true) : not_here_reply(asked);
}

}  // namespace piste::server
