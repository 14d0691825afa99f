#include "recording/frame_log_format.h"

#include <bit>
#include <concepts>
#include <span>

#include "recording/crc32c.h"

namespace piste::recording::format {
namespace {

constexpr std::uint64_t file_magic = 0x314C464554534950;  // "PISTEFL1"
constexpr std::uint32_t version = 1;
constexpr std::uint32_t record_magic = 0x454D5246;  // "FRME"
// Bits of a record's flags.
constexpr std::uint8_t has_timestamp = 1;
constexpr std::uint8_t needs_those_before = 2;

// Writes or reads the fields of a header one after the other.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> out) : out_(out) {}
  template <std::unsigned_integral T>
  Writer& put(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out_[at_++] = static_cast<std::uint8_t>(value >> (8 * i));
    return *this;
  }
  Writer& put(double value) { return put(std::bit_cast<std::uint64_t>(value)); }
  // The checksum of all that was put.
  void close() { put(crc32c(out_.first(at_))); }

 private:
  std::span<std::uint8_t> out_;
  std::size_t at_ = 0;
};

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> in) : in_(in) {}
  template <std::unsigned_integral T>
  T get() {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value |= static_cast<T>(static_cast<T>(in_[at_++]) << (8 * i));
    return value;
  }
  double get_double() { return std::bit_cast<double>(get<std::uint64_t>()); }
  bool closes() {
    const std::uint32_t sum = crc32c(in_.first(at_));
    return get<std::uint32_t>() == sum;
  }

 private:
  std::span<const std::uint8_t> in_;
  std::size_t at_ = 0;
};

std::uint8_t flags_of(const Entry& entry) {
  return static_cast<std::uint8_t>((entry.timestamp ? has_timestamp : 0) |
                                   (entry.key ? 0 : needs_those_before));
}

}  // namespace

FileHeader encode(const Description& description) {
  FileHeader header{};
  Writer(header)
      .put(file_magic)
      .put(version)
      .put(static_cast<std::uint32_t>(description.width))
      .put(static_cast<std::uint32_t>(description.height))
      .put(description.fps)
      .put(std::uint64_t{0})  // reserved
      .close();
  return header;
}

RecordHeader encode(const Entry& entry) {
  RecordHeader header{};
  Writer(header)
      .put(record_magic)
      .put(static_cast<std::uint8_t>(entry.encoding))
      .put(flags_of(entry))
      .put(std::uint16_t{0})  // reserved
      .put(static_cast<std::uint64_t>(entry.number))
      .put(entry.timestamp.value_or(0))
      .put(entry.size)
      .put(entry.crc32c)
      .close();
  return header;
}

std::optional<Description> decode(const FileHeader& header) {
  Reader reader(header);
  if (reader.get<std::uint64_t>() != file_magic || reader.get<std::uint32_t>() != version)
    return std::nullopt;
  Description description;
  description.width = static_cast<int>(reader.get<std::uint32_t>());
  description.height = static_cast<int>(reader.get<std::uint32_t>());
  description.fps = reader.get_double();
  reader.get<std::uint64_t>();
  if (!reader.closes()) return std::nullopt;
  return description;
}

std::optional<Entry> decode(const RecordHeader& header, std::uint64_t offset) {
  Reader reader(header);
  if (reader.get<std::uint32_t>() != record_magic) return std::nullopt;
  Entry entry;
  entry.offset = offset;
  entry.encoding = static_cast<types::Encoding>(reader.get<std::uint8_t>());
  const std::uint8_t flags = reader.get<std::uint8_t>();
  reader.get<std::uint16_t>();
  entry.number = static_cast<std::int64_t>(reader.get<std::uint64_t>());
  const double timestamp = reader.get_double();
  if (flags & has_timestamp) entry.timestamp = timestamp;
  entry.key = !(flags & needs_those_before);
  entry.size = reader.get<std::uint32_t>();
  entry.crc32c = reader.get<std::uint32_t>();
  if (!reader.closes() || entry.encoding > types::Encoding::h264) return std::nullopt;
  return entry;
}

}  // namespace piste::recording::format
