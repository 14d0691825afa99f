#include "session/session_file.h"

#include <array>
#include <boost/json/parse.hpp>
#include <utility>

#include "protocol/json_text.h"
#include "types/names.h"

namespace piste::session {
namespace {

namespace json = boost::json;
using Written = SessionRecord::Stage;  // beside the guide's Stage

constexpr std::array<std::pair<Written, std::string_view>, 4> stages{{{Written::receiving, "receiving"},
                                                                      {Written::ended, "ended"},
                                                                      {Written::judged, "judged"},
                                                                      {Written::complete, "complete"}}};
constexpr std::string_view h264_name = "h264";
constexpr std::string_view bout_name = "bout";

std::string_view name_of(Written stage) {
  for (const auto& [known, name] : stages) {
    if (known == stage) return name;
  }
  return {};
}

// Throws where the text is none of ours: the one caller catches.
SessionRecord read(const json::object& object) {
  SessionRecord record;
  record.owner = std::string(object.at("owner").as_string());
  record.token_hash = std::string(object.at("token_hash").as_string());
  record.attempts = static_cast<int>(object.at("attempts").as_int64());
  for (const auto& [stage, name] : stages) {
    if (object.at("stage").as_string() == name) record.stage = stage;
  }
  if (const auto* total = object.if_contains("total_frames")) record.total_frames = total->as_int64();
  if (const auto* sequence = object.if_contains("sequence")) record.sequence = sequence->as_int64();
  auto& start = record.start;
  start.session_id = std::string(object.at("session_id").as_string());
  start.fps = object.at("fps").to_number<double>();
  start.width = static_cast<int>(object.at("width").as_int64());
  start.height = static_cast<int>(object.at("height").as_int64());
  if (const auto* expected = object.if_contains("expected_frames"))
    start.expected_frames = expected->as_int64();
  start.video_format = std::string(object.at("video_format").as_string());
  start.include_keypoints = object.at("include_keypoints").as_bool();
  start.save_overlay = object.at("save_overlay").as_bool();
  if (const auto* encoding = object.if_contains("encoding")) start.h264 = encoding->as_string() == h264_name;
  if (const auto* said = object.if_contains("timestamps"))
    start.timestamps = types::timestamps_named(said->as_string()).value_or(types::Timestamps::unsaid);
  if (const auto* mode = object.if_contains("mode")) start.bout = mode->as_string() == bout_name;
  if (const auto* piste = object.if_contains("piste")) start.piste = std::string(piste->as_string());
  if (const auto* corners = object.if_contains("piste_corners"))
    start.marks.piste = types::piste_in(corners->as_string()).value_or(start.marks.piste);
  if (const auto* fencers = object.if_contains("fencers"))
    start.marks.fencers = types::fencers_in(fencers->as_string());
  if (const auto* name = object.if_contains("weapon")) start.weapon = types::weapon_named(name->as_string());
  return record;
}

}  // namespace

std::string print(const SessionRecord& record) {
  const auto& start = record.start;
  protocol::JsonObject object;
  object.add("session_id", start.session_id).add("owner", record.owner).add("token_hash", record.token_hash);
  object.add("stage", name_of(record.stage))
      .add("attempts", record.attempts)
      .add("sequence", record.sequence);
  if (record.total_frames) object.add("total_frames", *record.total_frames);
  object.add("fps", start.fps).add("width", start.width).add("height", start.height);
  if (start.expected_frames) object.add("expected_frames", *start.expected_frames);
  if (start.weapon) object.add("weapon", to_string(*start.weapon));
  if (start.h264) object.add("encoding", h264_name);
  if (start.bout) object.add("mode", bout_name);
  if (!start.piste.empty()) object.add("piste", start.piste);
  if (start.timestamps != types::Timestamps::unsaid) object.add("timestamps", to_string(start.timestamps));
  if (!start.marks.piste.empty()) object.add("piste_corners", types::to_string(start.marks.piste));
  if (start.marks.fencers) object.add("fencers", types::to_string(*start.marks.fencers));
  return object.add("video_format", start.video_format)
             .add("include_keypoints", start.include_keypoints)
             .add("save_overlay", start.save_overlay)
             .text() +
         "\n";
}

std::optional<SessionRecord> parse_session_record(std::string_view text) {
  try {
    return read(json::parse(text).as_object());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace piste::session
