// multipart/form-data (RFC 7578) read as it arrives, in pieces of any size. Holds at most one piece plus a
// delimiter, or a part's headers: memory does not grow with the body.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace piste::server {

enum class MultipartError {
  no_boundary,  // the Content-Type is not multipart/form-data with a boundary
  malformed,    // the body does not follow the format
  too_long,     // a part's headers, or the number of parts
};

template <class T>
using MultipartResult = base::Result<T, MultipartError>;

// The boundary of a Content-Type header.
MultipartResult<std::string> multipart_boundary(std::string_view content_type);

struct PartHeader {
  std::string name;
  std::optional<std::string> filename;  // as sent: not to be trusted, never to be used as a path
};

// Not thread-safe.
class MultipartReader {
 public:
  // Called from feed(), in the order of the body: part, data (any number of times), end.
  struct Events {
    std::function<void(const PartHeader&)> part;
    std::function<void(std::string_view)> data;
    std::function<void()> end;
  };
  static constexpr std::size_t max_header_bytes = 8 * 1024;
  static constexpr int max_parts = 32;

  MultipartReader(std::string_view boundary, Events events);

  // The next piece of the body. After an error no more may be fed.
  MultipartResult<base::Done> feed(std::string_view piece);
  // The body is over: an error if its last delimiter has not come.
  MultipartResult<base::Done> finish() const;

 private:
  enum class State { preamble, after_delimiter, headers, data, epilogue };
  enum class Step { again, need_more };
  MultipartResult<Step> step();
  Step skip_preamble();
  MultipartResult<Step> read_delimiter_end();
  MultipartResult<Step> read_headers();
  Step read_data();
  void consume(std::size_t count) { position_ += count; }
  std::string_view rest() const { return std::string_view(buffer_).substr(position_); }

  const std::string delimiter_;  // with the line break that belongs to it
  const Events events_;
  State state_ = State::preamble;
  int parts_ = 0;
  std::string buffer_;  // what has come and is not used yet begins at position_
  std::size_t position_ = 0;
};

}  // namespace piste::server
