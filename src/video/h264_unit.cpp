#include "video/h264_unit.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "video/ffmpeg.h"

namespace piste::video {
namespace {

// nal_unit_type
enum Nal : unsigned {
  slice = 1,
  slice_partition_a = 2,
  slice_partition_c = 4,
  idr_slice = 5,
  sps = 7,
  pps = 8,
  end_of_sequence = 10,
  end_of_stream = 11,
};

constexpr std::string_view start_code("\0\0\1", 3);
// SPS, PPS and the slice header lie within as many bytes of a key unit.
constexpr std::size_t header_bytes = 1 << 16;

Error unreadable(const std::string& why) {
  return {ErrorCode::unreadable, "not an H.264 access unit: " + why};
}

// Goes through a unit's NAL units; each begins behind its start code and ends at the next one.
class NalUnits {
 public:
  explicit NalUnits(std::span<const std::uint8_t> unit) : rest_(behind_start_code(unit)) {}

  // nullopt at the end.
  std::optional<std::span<const std::uint8_t>> next() {
    if (rest_.empty()) return std::nullopt;
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), rest_.size());
    const auto nal = rest_.first(std::min(text.find(start_code), rest_.size()));
    rest_ = behind_start_code(rest_.subspan(nal.size()));
    return nal;
  }

 private:
  static std::span<const std::uint8_t> behind_start_code(std::span<const std::uint8_t> bytes) {
    return bytes.subspan(std::min(bytes.size(), start_code.size()));
  }
  std::span<const std::uint8_t> rest_;
};

// A unit may begin with further zero bytes. Empty: there is no start code.
std::span<const std::uint8_t> at_start_code(std::span<const std::uint8_t> bytes) {
  const auto first = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte != 0; });
  const auto zeros = first - bytes.begin();
  if (first == bytes.end() || *first != 1 || zeros < 2) return {};
  return bytes.subspan(static_cast<std::size_t>(zeros) - 2);
}

unsigned type_of(std::span<const std::uint8_t> nal) {
  return nal.front() & 0x1Fu;
}

// Of a slice header: first_mb_in_slice is 0, so the slice begins a picture. Exp-Golomb codes 0 as a single 1.
bool begins_picture(std::span<const std::uint8_t> slice_nal) {
  return slice_nal.size() > 1 && slice_nal[1] & 0x80;
}

// slice_type of a slice that begins a picture: the Exp-Golomb number in the other seven bits. 7 bits hold
// every one that is allowed (0 to 9).
unsigned slice_type(std::span<const std::uint8_t> slice_nal) {
  const unsigned bits = slice_nal[1] & 0x7Fu;
  unsigned zeros = 0;
  while (zeros < 7 && !(bits & (0x40u >> zeros))) ++zeros;
  if (zeros > 3) return 10;  // longer than any allowed one
  return (bits >> (6 - 2 * zeros)) - 1;
}

class Scan {
 public:
  // False: problem() says why.
  bool add(std::span<const std::uint8_t> nal) {
    if (nal.empty()) return fail("an empty NAL unit");
    if (nal.front() & 0x80) return fail("a NAL unit's forbidden bit is set");
    const unsigned type = type_of(nal);
    if (type >= slice_partition_a && type <= slice_partition_c) return fail("data partitioning is not taken");
    has_sps_ |= type == sps;
    has_pps_ |= type == pps;
    return type == slice || type == idr_slice ? add_slice(nal, type == idr_slice) : true;
  }
  bool complete() {
    if (pictures_ == 0) return fail("it holds no picture");
    if (idr_ && !(has_sps_ && has_pps_)) return fail("a key frame must bring its SPS and PPS");
    return true;
  }
  bool key() const { return idr_; }
  bool has_sps() const { return has_sps_; }
  const std::string& problem() const { return problem_; }

 private:
  bool add_slice(std::span<const std::uint8_t> nal, bool idr) {
    if (begins_picture(nal)) {
      if (++pictures_ > 1) return fail("it holds more than one picture (or the fields of an interlaced one)");
      idr_ = idr;
      const unsigned type = slice_type(nal);
      if (type > 9) return fail("a slice of no known type");
      if (type % 5 == 1) return fail("B frames are not taken: they are known only after later frames");
    } else if (pictures_ == 0) {
      return fail("it does not begin with a picture's first slice");
    }
    return idr == idr_ || fail("slices of different pictures");
  }
  bool fail(const char* why) {
    problem_ = why;
    return false;
  }

  int pictures_ = 0;
  bool idr_ = false;
  bool has_sps_ = false;
  bool has_pps_ = false;
  std::string problem_;
};

struct CloseParser {
  void operator()(AVCodecParserContext* parser) const { av_parser_close(parser); }
};

// FFmpeg's parser reads SPS, PPS and the slice header, no picture data. It wants padding behind the bytes.
Result<UnitHeader> read_size(std::span<const std::uint8_t> unit) {
  quiet_ffmpeg();
  const std::unique_ptr<AVCodecParserContext, CloseParser> parser(av_parser_init(AV_CODEC_ID_H264));
  const CodecPtr context(avcodec_alloc_context3(nullptr));
  if (!parser || !context) return Error{ErrorCode::io, "no memory for the H.264 parser"};
  parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  const auto head = unit.first(std::min(unit.size(), header_bytes));
  types::Bytes padded(head.begin(), head.end());
  padded.resize(head.size() + AV_INPUT_BUFFER_PADDING_SIZE);
  std::uint8_t* out = nullptr;
  int out_size = 0;
  const int taken = av_parser_parse2(parser.get(), context.get(), &out, &out_size, padded.data(),
                                     static_cast<int>(head.size()), AV_NOPTS_VALUE, AV_NOPTS_VALUE, 0);
  if (taken < 0 || parser->width <= 0 || parser->height <= 0 || parser->pict_type == AV_PICTURE_TYPE_NONE)
    return unreadable("its SPS, PPS or slice header is damaged");
  return UnitHeader{true, parser->width, parser->height};
}

}  // namespace

Result<UnitHeader> scan_unit(std::span<const std::uint8_t> bytes) {
  const auto unit = at_start_code(bytes);
  if (unit.empty()) return unreadable("it does not begin with a start code (Annex B)");
  Scan scan;
  NalUnits nals(unit);
  while (const auto nal = nals.next()) {
    if (!scan.add(*nal)) return unreadable(scan.problem());
  }
  if (!scan.complete()) return unreadable(scan.problem());
  if (scan.key()) return read_size(unit);
  // Another size would begin in the middle, unseen.
  if (scan.has_sps()) return unreadable("an SPS outside of a key frame");
  return UnitHeader{};
}

types::Bytes parameter_sets(std::span<const std::uint8_t> unit) {
  types::Bytes sets;
  NalUnits nals(at_start_code(unit));
  while (const auto nal = nals.next()) {
    if (nal->empty() || (type_of(*nal) != sps && type_of(*nal) != pps)) continue;
    sets.insert(sets.end(), start_code.begin(), start_code.end());
    sets.insert(sets.end(), nal->begin(), nal->end());
  }
  return sets;
}

}  // namespace piste::video
