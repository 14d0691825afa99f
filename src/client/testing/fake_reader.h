// A camera or file for tests: pictures of a few pixels at given times, as JPEG or not.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "video/codec.h"
#include "video/reader.h"

namespace piste::client::testing {

struct Footage {
  int width = 32;
  int height = 16;
  double fps = 30;
  std::vector<double> times;          // s
  std::vector<std::int64_t> numbers;  // empty: 0, 1, 2, ...
  bool jpeg = true;
  std::int64_t frame_count = 0;             // as the container claims
  bool fails_at_end = false;                // instead of ending
  std::function<void(std::size_t)> before;  // called before each picture, on the reader's thread

  static Footage of(std::size_t frames, double rate = 30) {
    Footage out;
    out.fps = rate;
    for (std::size_t i = 0; i < frames; ++i) out.times.push_back(static_cast<double>(i) / rate);
    return out;
  }
};

class FakeReader : public video::Reader {
 public:
  void go_to(double) override {}
  explicit FakeReader(Footage footage) : footage_(std::move(footage)) {
    info_ = {footage_.width, footage_.height, footage_.fps, footage_.frame_count, footage_.jpeg};
  }

  const video::StreamInfo& info() const override { return info_; }
  std::int64_t damaged() const override { return 0; }

  video::Result<std::optional<types::Frame>> next() override {
    auto time = advance();
    if (!time) return time.error();
    if (!*time) return std::optional<types::Frame>();
    return std::optional(types::Frame{number(), **time, 1, picture()});
  }

  video::Result<std::optional<types::EncodedFrame>> next_encoded() override {
    auto time = advance();
    if (!time) return time.error();
    if (!*time) return std::optional<types::EncodedFrame>();
    auto bytes = video::encode_jpeg(picture(), 50);
    if (!bytes) return bytes.error();
    return std::optional(types::EncodedFrame{number(), **time, types::Encoding::jpeg, info_.width,
                                             info_.height,
                                             std::make_shared<const types::Bytes>(std::move(*bytes))});
  }

 private:
  video::Result<std::optional<double>> advance() {
    if (footage_.before) footage_.before(next_);
    if (next_ < footage_.times.size()) return std::optional(footage_.times[next_++]);
    if (footage_.fails_at_end)
      return video::Error{video::ErrorCode::unreadable, "the file ends in the middle"};
    return std::optional<double>();
  }

  std::int64_t number() const {
    return footage_.numbers.empty() ? static_cast<std::int64_t>(next_) - 1 : footage_.numbers[next_ - 1];
  }

  types::Image picture() const {
    const auto grey = static_cast<std::uint8_t>(next_);
    return {info_.width, info_.height,
            types::Bytes(static_cast<std::size_t>(3 * info_.width * info_.height), grey)};
  }

  Footage footage_;
  video::StreamInfo info_;
  std::size_t next_ = 0;
};

}  // namespace piste::client::testing
