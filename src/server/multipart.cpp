#include "server/multipart.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <utility>

namespace piste::server {
namespace {

using Failure = base::Error<MultipartError>;

// The values of a header like `form-data; name="video"; filename="a \"b\".avi"`.
class HeaderValue {
 public:
  explicit HeaderValue(std::string_view text) : rest_(text) {}

  // What stands before the first parameter.
  std::string kind() { return boost::trim_copy(std::string(take_until(';'))); }

  // The next name and value; nullopt at the end or where the text is not a parameter.
  std::optional<std::pair<std::string, std::string>> parameter() {
    std::string name = boost::trim_copy(std::string(take_until('=')));
    if (name.empty()) return std::nullopt;
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    if (!rest_.starts_with('"')) return std::pair(name, boost::trim_copy(std::string(take_until(';'))));
    auto value = quoted();
    take_until(';');
    if (!value) return std::nullopt;
    return std::pair(std::move(name), *std::move(value));
  }

 private:
  std::string_view take_until(char stop) {
    const std::size_t end = rest_.find(stop);
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return taken;
  }

  // Only \" and \\ are escapes: some clients send the backslashes of a Windows path as they are.
  std::optional<std::string> quoted() {
    std::string value;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const bool escape =
          rest_[i] == '\\' && i + 1 < rest_.size() && (rest_[i + 1] == '"' || rest_[i + 1] == '\\');
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return value;
      }
      if (escape) ++i;
      value += rest_[i];
    }
    return std::nullopt;
  }

  std::string_view rest_;
};

std::optional<PartHeader> read_disposition(std::string_view text) {
  HeaderValue value(text);
  if (!boost::iequals(value.kind(), "form-data")) return std::nullopt;
  PartHeader header;
  bool named = false;
  while (auto parameter = value.parameter()) {
    if (boost::iequals(parameter->first, "name")) {
      header.name = std::move(parameter->second);
      named = true;
    } else if (boost::iequals(parameter->first, "filename")) {
      header.filename = std::move(parameter->second);
    }
  }
  if (!named) return std::nullopt;
  return header;
}

std::optional<PartHeader> read_part_header(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    if (boost::iequals(line.substr(0, colon), "Content-Disposition"))
      return read_disposition(line.substr(colon + 1));
  }
  return std::nullopt;
}

}  // namespace

MultipartResult<std::string> multipart_boundary(std::string_view content_type) {
  HeaderValue value(content_type);
  if (boost::iequals(value.kind(), "multipart/form-data")) {
    while (auto parameter = value.parameter()) {
      if (!boost::iequals(parameter->first, "boundary")) continue;
      if (parameter->second.empty() || parameter->second.size() > 70) break;
      return std::move(parameter->second);
    }
  }
  return Failure{MultipartError::no_boundary,
                 "the request must be multipart/form-data with a boundary of 1 to 70 characters"};
}

MultipartReader::MultipartReader(std::string_view boundary, Events events)
    : delimiter_("\r\n--" + std::string(boundary)), events_(std::move(events)), buffer_("\r\n") {}

MultipartResult<base::Done> MultipartReader::feed(std::string_view piece) {
  buffer_.erase(0, position_);
  position_ = 0;
  buffer_ += piece;
  for (;;) {
    auto next = step();
    if (!next) return next.error();
    if (*next == Step::need_more) return base::Done{};
  }
}

MultipartResult<base::Done> MultipartReader::finish() const {
  if (state_ == State::epilogue) return base::Done{};
  return Failure{MultipartError::malformed, "the form ends before its last boundary"};
}

MultipartResult<MultipartReader::Step> MultipartReader::step() {
  switch (state_) {
    case State::preamble:
      return skip_preamble();
    case State::after_delimiter:
      return read_delimiter_end();
    case State::headers:
      return read_headers();
    case State::data:
      return read_data();
    case State::epilogue:
      consume(rest().size());
      return Step::need_more;
  }
  return Step::need_more;
}

MultipartReader::Step MultipartReader::skip_preamble() {
  const std::size_t found = rest().find(delimiter_);
  if (found != std::string_view::npos) {
    consume(found + delimiter_.size());
    state_ = State::after_delimiter;
    return Step::again;
  }
  if (rest().size() >= delimiter_.size()) consume(rest().size() - delimiter_.size() + 1);
  return Step::need_more;
}

// After a delimiter: "--" ends the form, blanks and a line break begin a part.
MultipartResult<MultipartReader::Step> MultipartReader::read_delimiter_end() {
  if (rest().size() < 2) return Step::need_more;
  if (rest().starts_with("--")) {
    state_ = State::epilogue;
    return Step::again;
  }
  const std::size_t blanks = std::min(rest().find_first_not_of(" \t"), rest().size());
  if (blanks > max_header_bytes) return Failure{MultipartError::too_long, "a boundary line is too long"};
  if (rest().size() < blanks + 2) return Step::need_more;
  if (rest().substr(blanks, 2) != "\r\n") {
    return Failure{MultipartError::malformed, "a boundary of the form is not followed by a line break"};
  }
  if (++parts_ > max_parts) {
    return Failure{MultipartError::too_long,
                   "the form has more than " + std::to_string(max_parts) + " parts"};
  }
  consume(blanks);  // the line break stays: a part without headers has just an empty line
  state_ = State::headers;
  return Step::again;
}

MultipartResult<MultipartReader::Step> MultipartReader::read_headers() {
  const std::size_t end = rest().find("\r\n\r\n");
  if (end > max_header_bytes && rest().size() > max_header_bytes) {
    return Failure{MultipartError::too_long, "the headers of a part are longer than 8 KB"};
  }
  if (end == std::string_view::npos) return Step::need_more;
  const auto header = read_part_header(end == 0 ? std::string_view() : rest().substr(2, end - 2));
  if (!header) {
    return Failure{MultipartError::malformed,
                   "a part of the form has no Content-Disposition: form-data with a name"};
  }
  consume(end + 4);
  events_.part(*header);
  state_ = State::data;
  return Step::again;
}

MultipartReader::Step MultipartReader::read_data() {
  const std::size_t found = rest().find(delimiter_);
  const bool complete = found != std::string_view::npos;
  const std::size_t sure = complete                            ? found
                           : rest().size() < delimiter_.size() ? 0
                                                               : rest().size() - delimiter_.size() + 1;
  if (sure > 0) events_.data(rest().substr(0, sure));
  consume(sure);
  if (!complete) return Step::need_more;
  events_.end();
  consume(delimiter_.size());
  state_ = State::after_delimiter;
  return Step::again;
}

}  // namespace piste::server
