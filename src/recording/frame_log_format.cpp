#include "recording/frame_log_format.h"

#include <bit>
#include <concepts>
#include <cstring>
#include <span>

#include "recording/crc32c.h"

namespace piste::recording::format {
namespace {

constexpr std::uint64_t file_magic = 0x314C464554534950;  // "PISTEFL1"
constexpr std::uint32_t version = 2;
constexpr std::uint32_t unsealed = 1;               // the version whose logs have one header, and no salt
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
  void close(std::uint32_t seal = 0) { put(crc32c(out_.first(at_), seal)); }

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
  bool closes(std::uint32_t seal = 0) {
    const std::uint32_t sum = crc32c(in_.first(at_), seal);
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

// Zero for the version without a salt.
std::uint32_t seal_of(std::uint64_t salt) {
  std::array<std::uint8_t, sizeof salt> bytes{};
  Writer(bytes).put(salt);
  return salt == 0 ? 0 : crc32c(bytes);
}

std::optional<Preamble> decode_copy(std::span<const std::uint8_t> header) {
  Reader reader(header);
  if (reader.get<std::uint64_t>() != file_magic) return std::nullopt;
  const auto found = reader.get<std::uint32_t>();
  if (found != version && found != unsealed) return std::nullopt;
  Preamble preamble;
  preamble.description.width = static_cast<int>(reader.get<std::uint32_t>());
  preamble.description.height = static_cast<int>(reader.get<std::uint32_t>());
  preamble.description.fps = reader.get_double();
  const auto salt = reader.get<std::uint64_t>();
  if (!reader.closes()) return std::nullopt;
  preamble.seal = found == version ? seal_of(salt) : 0;
  preamble.first_record = found == version ? 2 * file_header_size : file_header_size;
  return preamble;
}

}  // namespace

Preamble make_preamble(const Description& description, std::uint64_t salt) {
  return {description, seal_of(salt), 2 * file_header_size};
}

FileHeader encode(const Description& description, std::uint64_t salt) {
  FileHeader header{};
  Writer(header)
      .put(file_magic)
      .put(version)
      .put(static_cast<std::uint32_t>(description.width))
      .put(static_cast<std::uint32_t>(description.height))
      .put(description.fps)
      .put(salt)
      .close();
  return header;
}

RecordHeader encode(const Entry& entry, std::uint32_t seal) {
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
      .close(seal);
  return header;
}

std::optional<Preamble> decode(std::span<const std::uint8_t> start) {
  for (std::size_t at = 0; at + file_header_size <= start.size() && at <= file_header_size;
       at += file_header_size) {
    if (auto found = decode_copy(start.subspan(at, file_header_size))) return found;
  }
  return std::nullopt;
}

std::optional<Entry> decode(const RecordHeader& header, std::uint64_t offset, std::uint32_t seal) {
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
  if (!reader.closes(seal) || entry.encoding > types::Encoding::h264) return std::nullopt;
  return entry;
}

std::size_t find_record(std::span<const std::uint8_t> bytes, std::size_t from) {
  std::array<std::uint8_t, sizeof record_magic> magic{};
  Writer(magic).put(record_magic);
  if (from >= bytes.size()) return bytes.size();
  const auto rest = bytes.subspan(from);
  const auto* found =
      static_cast<const std::uint8_t*>(::memmem(rest.data(), rest.size(), magic.data(), magic.size()));
  return found ? static_cast<std::size_t>(found - bytes.data()) : bytes.size();
}

}  // namespace piste::recording::format
