#include "video/decoder_process.h"

#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <opencv2/core/utility.hpp>
#include <optional>
#include <span>
#include <utility>

#include "video/decoder_protocol.h"
#include "video/file_reader.h"
#include "video/sandbox.h"

namespace piste::video {
namespace {

template <class Message>
bool send(const Message& message) {
  return ::send(decoder_channel, &message, sizeof message, MSG_NOSIGNAL) == sizeof message;
}

template <class Message>
bool receive(Message& message) {
  return ::recv(decoder_channel, &message, sizeof message, 0) == sizeof message;
}

DecoderOpened opened(const Result<std::unique_ptr<Reader>>& reader, std::uint32_t protections) {
  DecoderOpened message;
  message.protections = protections;
  if (!reader) {
    message.failed = 1 + static_cast<std::int32_t>(reader.error().code);
    put_text(message.text, reader.error().message);
    return message;
  }
  const StreamInfo& info = (*reader)->info();
  message.width = info.width;
  message.height = info.height;
  message.fps = info.fps;
  message.frame_count = info.frame_count;
  message.has_times = info.has_times;
  message.jpeg = info.jpeg;
  return message;
}

// Puts pictures into the shared memory, one for each request. The next is decoded while the program works on
// the one before.
class Server {
 public:
  Server(Reader& reader, std::span<std::uint8_t> shared) : reader_(reader), shared_(shared) {}

  void run() {
    DecoderRequest request{};
    while (receive(request)) {
      const bool encoded = request == DecoderRequest::next_encoded;
      const DecoderAnswer answer = encoded ? share_encoded() : share_decoded();
      if (!send(answer)) return;
      if (!encoded && !answer.end && !answer.failed) ahead_.emplace(decode());
    }
  }

 private:
  static DecoderAnswer failure(const Error& error) {
    DecoderAnswer answer;
    answer.failed = 1 + static_cast<std::int32_t>(error.code);
    put_text(answer.text, error.message);
    return answer;
  }
  static DecoderAnswer end() {
    DecoderAnswer answer;
    answer.end = 1;
    return answer;
  }

  DecoderAnswer share(std::int64_t number, std::optional<double> time, const types::Bytes& bytes) {
    if (bytes.size() > shared_.size())
      return failure({ErrorCode::unreadable, "a picture is larger than its size"});
    std::copy(bytes.begin(), bytes.end(), shared_.begin());
    DecoderAnswer answer;
    answer.number = number;
    answer.time = time.value_or(0);
    answer.has_time = time.has_value();
    answer.size = bytes.size();
    return answer;
  }

  struct Decoded {
    Result<std::optional<types::Frame>> frame;
    std::int64_t damaged;  // up to this picture
  };

  Decoded decode() {
    auto frame = reader_.next();
    return {std::move(frame), reader_.damaged()};
  }

  DecoderAnswer share_decoded() {
    if (!ahead_) ahead_.emplace(decode());
    const auto& frame = ahead_->frame;
    DecoderAnswer answer = !frame   ? failure(frame.error())
                           : *frame ? share((*frame)->number, (*frame)->time, (*frame)->image.bgr)
                                    : end();
    answer.damaged = ahead_->damaged;
    ahead_.reset();
    return answer;
  }

  DecoderAnswer share_encoded() {
    const auto frame = reader_.next_encoded();
    DecoderAnswer answer = !frame   ? failure(frame.error())
                           : *frame ? share((*frame)->number, (*frame)->timestamp, *(*frame)->bytes)
                                    : end();
    answer.damaged = reader_.damaged();
    return answer;
  }

  Reader& reader_;
  const std::span<std::uint8_t> shared_;
  std::optional<Decoded> ahead_;
};

}  // namespace

int run_decoder_process() try {
  cv::setNumThreads(1);
  const std::uint32_t protections = give_up_rights(decoder_channel);
  const auto reader = open_here(decoder_file);
  if (!send(opened(reader, protections)) || !reader) return 1;
  DecoderGo go;
  if (!receive(go)) return 0;
  (*reader)->go_to(go.from);
  const std::size_t size = shared_size((*reader)->info().width, (*reader)->info().height);
  void* shared = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, decoder_pictures, 0);
  if (shared == MAP_FAILED) return 1;
  Server(**reader, {static_cast<std::uint8_t*>(shared), size}).run();
  return 0;
} catch (const std::exception&) {
  return 1;
}

}  // namespace piste::video
