#include "server/upload_form.h"

#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/url/params_view.hpp>
#include <boost/url/parse_query.hpp>
#include <utility>

#include "types/lamp_places.h"
#include "types/names.h"

namespace piste::server {
namespace {

constexpr std::size_t max_option_bytes = 1024;

std::optional<bool> read_truth(std::string_view text) {
  for (const auto* yes : {"true", "1", "yes", "on", "y", "t"}) {
    if (boost::iequals(text, yes)) return true;
  }
  for (const auto* no : {"false", "0", "no", "off", "n", "f"}) {
    if (boost::iequals(text, no)) return false;
  }
  return std::nullopt;
}

HttpError bad_option(std::string_view name, std::string_view wanted) {
  return {http::status::bad_request, std::string(name) + " must be " + std::string(wanted)};
}

std::string extension_of(std::string_view filename) {
  const std::size_t dot = filename.rfind('.');
  return dot == std::string_view::npos ? "" : std::string(filename.substr(dot + 1));
}

}  // namespace

HttpResult<base::Done> set_upload_option(session::UploadOptions& options, std::string_view name,
                                         std::string_view value) {
  const std::string text = boost::trim_copy(std::string(value));
  const bool blank = text.empty();  // a form's field that was left empty: its default
  const session::UploadOptions defaults;
  if (name == "weapon") {
    options.weapon = types::weapon_named(text);
    if (!blank && !options.weapon) return bad_option(name, "sabre, foil or epee");
  } else if (name == "lamps") {
    options.lamps = types::lamp_places_in(text);
    if (!blank && !options.lamps) return bad_option(name, types::lamp_places_form);
  } else if (name == "piste_corners") {
    const auto piste = types::piste_in(text);
    if (!blank && !piste) return bad_option(name, types::piste_form);
    options.marks.piste = piste.value_or(defaults.marks.piste);
  } else if (name == "fencers") {
    options.marks.fencers = types::fencers_in(text);
    if (!blank && !options.marks.fencers) return bad_option(name, types::fencers_form);
  } else if (name == "hits") {
    const auto hits = types::hits_in(text);
    if (!hits) return bad_option(name, types::hits_form);
    options.hits = *hits;
  } else if (name == "include_keypoints" || name == "save_overlay") {
    const auto member = name == "save_overlay" ? &session::UploadOptions::save_overlay
                                               : &session::UploadOptions::include_keypoints;
    const auto truth = blank ? defaults.*member : read_truth(text);
    if (!truth) return bad_option(name, "true or false");
    options.*member = *truth;
  } else {
    return base::Done{};  // none of ours
  }
  options.said.emplace_back(name, text);
  return base::Done{};
}

HttpResult<base::Done> set_upload_options(session::UploadOptions& options, std::string_view query) {
  const auto parsed = boost::urls::parse_query(query);
  if (!parsed) return HttpError{http::status::bad_request, "The URL's query cannot be read"};
  for (const auto& parameter : boost::urls::params_view(*parsed)) {
    auto set = set_upload_option(options, parameter.key, parameter.value);
    if (!set) return set;
  }
  return base::Done{};
}

UploadForm::UploadForm(std::string_view boundary, Destination destination, session::UploadOptions options)
    : destination_(std::move(destination)),
      reader_(boundary, {[this](const PartHeader& header) { begin_part(header); },
                         [this](std::string_view data) { take(data); }, [this] { end_part(); }}),
      options_(options) {}

HttpResult<base::Done> UploadForm::feed(std::string_view piece) {
  const auto fed = reader_.feed(piece);
  if (error_) return *error_;
  if (!fed) return HttpError{http::status::bad_request, "The form cannot be read: " + fed.error().message};
  return base::Done{};
}

HttpResult<session::UploadOptions> UploadForm::finish() {
  const auto finished = reader_.finish();
  if (!finished)
    return HttpError{http::status::bad_request, "The form cannot be read: " + finished.error().message};
  if (!video_seen_) return HttpError{http::status::bad_request, "The form has no part 'video'"};
  if (signal_seen_ && !options_.hits.empty())
    return HttpError{http::status::bad_request,
                     "Send the scoring log as 'signal', or the hits as 'hits', not both"};
  return options_;
}

void UploadForm::begin_part(const PartHeader& header) {
  part_bytes_ = 0;
  const bool left_blank = header.filename && header.filename->empty();  // as browsers send a form
  if (left_blank) {
    part_ = Part::ignored;
  } else if (header.name == "video") {
    begin_file(Part::video, video_seen_, destination_.video(extension_of(header.filename.value_or(""))));
  } else if (header.name == "signal") {
    begin_file(Part::signal, signal_seen_, destination_.signal);
  } else {
    part_ = header.filename ? Part::ignored : Part::option;
    option_name_ = header.name;
    option_value_.clear();
  }
}

void UploadForm::begin_file(Part part, bool& seen, const std::filesystem::path& path) {
  part_ = part;
  if (seen) fail(http::status::bad_request, "The form has a part twice: send one video and one signal");
  if (error_) return;
  file_.open(path, std::ios::binary | std::ios::trunc);
  if (!file_) fail(http::status::service_unavailable, "The upload cannot be stored now");
}

void UploadForm::take(std::string_view data) {
  if (error_) return;
  part_bytes_ += data.size();
  if (part_ == Part::signal && part_bytes_ > destination_.max_signal_bytes) {
    return fail(http::status::payload_too_large, "The signal is larger than a scoring log can be (" +
                                                     std::to_string(destination_.max_signal_bytes) +
                                                     " bytes)");
  }
  if (part_ == Part::option && part_bytes_ > max_option_bytes) {
    return fail(http::status::payload_too_large, "A field of the form is longer than 1 KB");
  }
  if (part_ == Part::option) option_value_ += data;
  if (file_.is_open() && !file_.write(data.data(), static_cast<std::streamsize>(data.size()))) {
    fail(http::status::service_unavailable, "The upload cannot be stored now: the server's disk may be full");
  }
}

void UploadForm::end_part() {
  if (error_) return;
  if (file_.is_open()) {
    file_.close();
    if (!file_)
      fail(http::status::service_unavailable, "The upload cannot be stored: the server's disk may be full");
  }
  if (part_ == Part::video) video_seen_ = true;
  if (part_ == Part::signal) signal_seen_ = true;
  if (part_ == Part::option) {
    if (const auto set = set_upload_option(options_, option_name_, option_value_); !set) {
      fail(set.error().code, set.error().message);
    }
  }
  part_ = Part::none;
}

void UploadForm::fail(http::status status, std::string message) {
  if (!error_) error_ = HttpError{status, std::move(message)};
  file_.close();
}

}  // namespace piste::server
