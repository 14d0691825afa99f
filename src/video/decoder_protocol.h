// What a program and its decoder process say to one another, over a socket that keeps messages apart;
// pictures lie in memory that both see. The program believes none of it unchecked. Internal to the module.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace piste::video {

// Descriptors of the decoder process: all that it has.
constexpr int decoder_file = 0;     // what is decoded; read only
constexpr int decoder_channel = 3;  // the socket
constexpr int decoder_pictures =
    4;  // the shared memory, which the program sizes once the picture's size is known

using DecoderText = std::array<char, 256>;

// What guards the process; told once so that the log can say what is missing.
enum Protection : std::uint32_t { system_calls = 1, files = 2 };

struct DecoderOpened {
  std::int32_t failed = 0;  // 1 + ErrorCode; then only text counts
  std::uint32_t protections = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
  double fps = 0;
  std::int64_t frame_count = 0;
  std::uint32_t has_times = 0;
  std::uint32_t jpeg = 0;
  DecoderText text{};
};

// The program has sized the shared memory, and says from which moment on it wants pictures.
struct DecoderGo {
  double from = 0;  // s
};

enum class DecoderRequest : std::int32_t { next = 1, next_encoded = 2 };

struct DecoderAnswer {
  std::int32_t failed = 0;  // 1 + ErrorCode; then only text counts
  std::uint32_t end = 0;    // no more pictures
  std::int64_t damaged = 0;
  std::int64_t number = 0;
  double time = 0;  // or timestamp
  std::uint32_t has_time = 0;
  std::uint32_t unused = 0;
  std::uint64_t size = 0;  // bytes in the shared memory
  DecoderText text{};
};

static_assert(std::is_trivially_copyable_v<DecoderOpened> && std::is_trivially_copyable_v<DecoderAnswer>);

// Room for a picture, decoded or as it is in the file: a JPEG is hardly ever larger than its pixels.
constexpr std::size_t shared_size(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 + 65536;
}

inline void put_text(DecoderText& out, std::string_view text) {
  out.fill(0);
  text.substr(0, out.size() - 1).copy(out.data(), out.size() - 1);
}

inline std::string text_of(const DecoderText& text) {
  const std::string_view all(text.data(), text.size());
  return std::string(all.substr(0, all.find('\0')));
}

}  // namespace piste::video
