#include "protocol/parse.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/json_text.h"
#include "base/text.h"
#include "boxes/event_json.h"
#include "protocol/fields.h"
#include "protocol/limits.h"
#include "protocol/session_id.h"
#include "types/names.h"

namespace piste::protocol {
namespace {

namespace json = boost::json;
using Failure = base::Error<ParseError>;

constexpr std::int64_t any_whole = max_frame_number;
constexpr std::string_view encoding_rule = "encoding must be jpeg, png, raw or h264";

std::optional<types::Weapon> read_weapon(Fields& fields) {
  const auto name = fields.text("weapon");
  if (!name) return std::nullopt;
  const auto weapon = types::weapon_named(*name);
  if (!weapon) fields.complain("weapon must be sabre, foil or epee");
  return weapon;
}

// Where none is named it is jpeg, which it always was.
types::Encoding read_encoding(Fields& fields) {
  const auto name = fields.text("encoding");
  if (!name) return types::Encoding::jpeg;
  const auto encoding = types::encoding_named(*name);
  if (!encoding) fields.complain(std::string(encoding_rule));
  return encoding.value_or(types::Encoding::jpeg);
}

types::Timestamps read_timestamps(Fields& fields) {
  const auto name = fields.text("timestamps");
  if (!name) return types::Timestamps::unsaid;
  const auto said = types::timestamps_named(*name);
  if (!said) fields.complain("timestamps must be capture, send or none");
  return said.value_or(types::Timestamps::unsaid);
}

// True: a bout.
bool read_mode(Fields& fields) {
  const auto mode = fields.text("mode");
  if (mode && *mode != "phrase" && *mode != "bout") fields.complain("mode must be phrase or bout");
  return mode == "bout";
}

types::Marks read_marks(Fields& fields, int width, int height) {
  types::Marks marks;
  if (const auto corners = fields.spots("piste_corners")) {
    if (!types::is_piste(*corners)) fields.complain("piste_corners must be 3 to 16 points around an area");
    marks.piste = *corners;
  }
  if (const auto spots = fields.spots("fencers")) {
    marks.fencers = types::fencers_at(*spots);
    if (!marks.fencers) fields.complain("fencers must be two different points, one on each fencer");
  }
  if (const auto objection = types::objection_to(marks, width, height); !objection.empty())
    fields.complain(objection);
  return marks;
}

SessionStart read_session_start(Fields& fields) {
  constexpr int max_int = std::numeric_limits<int>::max();
  SessionStart start;
  start.session_id = fields.text("session_id").value_or("");
  if (!is_valid_session_id(start.session_id)) fields.complain(std::string(session_id_rule));
  start.fps = fields.required_number("fps");
  if (!(start.fps > 0)) fields.complain("fps must be greater than 0");
  start.width = static_cast<int>(fields.required_whole("width", 1, max_int));
  start.height = static_cast<int>(fields.required_whole("height", 1, max_int));
  // Cameras and OpenCV give all sorts of numbers for a count that they do not know.
  start.expected_frames = fields.hint("expected_frames", 1, any_whole);
  start.video_format = fields.text("video_format").value_or(start.video_format);
  start.weapon = read_weapon(fields);
  start.include_keypoints = fields.flag("include_keypoints").value_or(start.include_keypoints);
  start.h264 =
      read_encoding(fields) == types::Encoding::h264;  // others are said of each frame, and may change
  start.save_overlay = fields.flag("save_overlay").value_or(start.save_overlay);
  start.timestamps = read_timestamps(fields);
  start.bout = read_mode(fields);
  start.piste = fields.text("piste").value_or("");
  if (!start.piste.empty() && !is_valid_session_id(start.piste))
    fields.complain("piste must be a name of 1 to 128 characters");
  start.marks = read_marks(fields, start.width, start.height);
  if (start.bout && start.marks.fencers)
    fields.complain("fencers is for one phrase: of a bout mark the piste_corners");
  return start;
}

Touch read_touch(Fields& fields) {
  Touch touch;
  touch.session_id = fields.text("session_id").value_or("");
  const auto side = fields.text("side");
  if (side != "left" && side != "right") fields.complain("side must be left or right");
  touch.side = side == "right" ? types::Side::right : types::Side::left;
  touch.timestamp = fields.number("timestamp");
  touch.valid = fields.flag("valid").value_or(true);
  return touch;
}

std::optional<double> read_timestamp(Fields& fields) {
  const auto timestamp = fields.number("timestamp");
  return timestamp && std::isfinite(*timestamp) ? timestamp : std::nullopt;
}

FrameHeader read_frame(Fields& fields) {
  FrameHeader frame;
  frame.session_id = fields.text("session_id").value_or("");
  frame.number = fields.required_whole("frame_number", 0, max_frame_number);
  frame.timestamp = read_timestamp(fields);
  frame.size = fields.whole("size", 0, any_whole);
  frame.encoding = read_encoding(fields);
  return frame;
}

SessionEnd read_session_end(Fields& fields) {
  SessionEnd end;
  end.session_id = fields.text("session_id").value_or("");
  end.total_frames = fields.whole("total_frames", 0, any_whole);
  return end;
}

Signal read_signal(Fields& fields) {
  Signal signal;
  signal.session_id = fields.text("session_id").value_or("");
  signal.size = fields.whole("size", 0, any_whole);
  return signal;
}

SessionAbort read_session_abort(Fields& fields) {
  return {fields.text("session_id").value_or("")};
}

SessionResume read_session_resume(Fields& fields) {
  SessionResume resume{fields.text("session_id").value_or(""), fields.text("resume_token").value_or(""),
                       fields.hint("phrases", 0, any_whole).value_or(0)};
  if (!is_valid_session_id(resume.session_id)) fields.complain(std::string(session_id_rule));
  if (resume.resume_token.empty()) fields.complain("resume_token must be the text of session_started");
  return resume;
}

constexpr std::string_view piste_rule =
    "piste must be the name of a piste: 1 to 128 characters, no /, \\, .. or control characters";

std::string read_piste(Fields& fields) {
  std::string piste = fields.text("piste").value_or("");
  if (!is_valid_session_id(piste)) fields.complain(std::string(piste_rule));
  return piste;
}

BoxOpen read_box_open(Fields& fields) {
  BoxOpen open;
  open.piste = read_piste(fields);
  open.source = fields.text("source").value_or("");
  if (!is_valid_session_id(open.source)) fields.complain("source must be 1 to 128 characters");
  open.protocol = base::escaped(fields.text("protocol").value_or("").substr(0, 40));
  return open;
}

BoxEvents read_box_events(Fields& fields) {
  BoxEvents told;
  told.piste = read_piste(fields);
  told.first = fields.required_whole("first", 1, any_whole / 2);
  const json::array* events = fields.list("events");
  if (!events) return told;
  for (const json::value& value : *events) {
    const auto event = boxes::parse_event(base::json_text(value));
    if (!event) {
      fields.complain("events: " + event.error().message);
      return told;
    }
    if (!event->at || !event->error) {
      fields.complain("events: at_ms and error_ms must be numbers");
      return told;
    }
    told.events.push_back({event->what, {*event->at, *event->error}});
  }
  return told;
}

// The id and number that a defective message is answered with.
Defective defective(Defective::Type type, const json::object& object, const Fields& fields) {
  Fields again(object);
  Defective found{type, again.text("session_id").value_or(""), {}, fields.problem()};
  if (!is_valid_session_id(found.session_id)) found.session_id.clear();
  if (type == Defective::Type::frame) found.frame_number = again.whole("frame_number", 0, max_frame_number);
  return found;
}

template <class Read>
ClientMessage read_as(Defective::Type type, const json::object& object, Read read) {
  Fields fields(object);
  auto message = read(fields);
  if (!fields.sound()) return defective(type, object, fields);
  return message;
}

base::Result<ClientMessage, ParseError> read_message(std::string_view type, const json::object& object) {
  using Type = Defective::Type;
  if (type == "frame") return read_as(Type::frame, object, read_frame);
  if (type == "session_start") return read_as(Type::session_start, object, read_session_start);
  if (type == "session_end") return read_as(Type::session_end, object, read_session_end);
  if (type == "signal") return read_as(Type::signal, object, read_signal);
  if (type == "touch") return read_as(Type::touch, object, read_touch);
  if (type == "session_abort") return read_as(Type::session_abort, object, read_session_abort);
  if (type == "session_resume") return read_as(Type::session_resume, object, read_session_resume);
  if (type == "ping") {
    Fields fields(object);
    return ClientMessage(Ping{fields.echo("id"), fields.echo("timestamp"), fields.finite("client_time")});
  }
  if (type == "box_open") return read_as(Type::box, object, read_box_open);
  if (type == "box_events") return read_as(Type::box, object, read_box_events);
  return Failure{ParseError::format, "Unknown message type \"" + base::escaped(type.substr(0, 40)) + "\""};
}

// Python's json writes NaN, Infinity and -Infinity, which are no JSON. The same text with null in their
// places: a frame that is numbered NaN is a wrong frame, not the end of the conversation.
std::string with_null_for_nan(std::string_view text) {
  std::string out;
  bool quoted = false;
  while (!text.empty()) {
    std::size_t taken = 1;
    if (quoted && text[0] == '\\') {
      taken = std::min<std::size_t>(2, text.size());
    } else if (text[0] == '"') {
      quoted = !quoted;
    } else if (!quoted) {
      for (const std::string_view name : {"NaN", "-Infinity", "Infinity"}) {
        if (!text.starts_with(name)) continue;
        out += "null";
        text.remove_prefix(name.size());
        taken = 0;
        break;
      }
    }
    out += text.substr(0, taken);
    text.remove_prefix(taken);
  }
  return out;
}

json::value read_json(std::string_view text, json::error_code& failure, const json::storage_ptr& storage) {
  json::parse_options options;
  options.max_depth = max_depth;
  return json::parse(json::string_view(text), failure, storage, options);
}

}  // namespace

base::Result<ClientMessage, ParseError> parse(std::string_view text) {
  if (text.size() > max_text_bytes) {
    return Failure{ParseError::not_json,
                   "A JSON message may have " + std::to_string(max_text_bytes) + " bytes"};
  }
  std::array<unsigned char, 4096> buffer;  // enough for every message of ours: parsing allocates nothing
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::error_code failure;
  json::value value = read_json(text, failure, &memory);
  if (failure) {
    value = read_json(with_null_for_nan(text), failure, &memory);
  }
  if (failure) return Failure{ParseError::not_json, "Not valid JSON: " + failure.message()};
  const json::object* object = value.if_object();
  if (!object) return Failure{ParseError::format, "A message must be a JSON object"};
  const json::value* type = object->if_contains("type");
  if (!type || !type->is_string())
    return Failure{ParseError::format, "A message must have a \"type\" that is text"};
  return read_message(type->get_string(), *object);
}

}  // namespace piste::protocol
