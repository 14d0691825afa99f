// The marker walk. What is refused here is what libjpeg and FFmpeg's decoder give up on; what they only warn
// about passes. The marker numbers and the layout of segments are those of ITU-T T.81, annex B.
#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "video/jpeg.h"
#include "video/jpeg_tables.h"
#include "video/limits.h"

namespace piste::video {
namespace {

using Segment = std::span<const std::uint8_t>;

// A picture in hundreds of scans is small to send and slow to decode; encoders make about ten.
constexpr int max_scans = 100;

enum Marker : std::uint8_t {
  sof0 = 0xC0,
  sof1 = 0xC1,
  sof2 = 0xC2,
  dht = 0xC4,
  jpg = 0xC8,
  dac = 0xCC,
  rst0 = 0xD0,
  rst7 = 0xD7,
  soi = 0xD8,
  eoi = 0xD9,
  sos = 0xDA,
  dqt = 0xDB,
  dnl = 0xDC,
  dri = 0xDD,
  app0 = 0xE0,
  app1 = 0xE1,
  app15 = 0xEF,
  com = 0xFE,
  tem = 0x01,
};

struct Component {
  std::uint8_t id = 0, h = 0, v = 0, quantization = 0;
  bool scanned = false;
  std::bitset<64> whole{};  // progressive: the coefficients whose last bit has come
};

Error unreadable(const std::string& why) {
  return {ErrorCode::unreadable, "not a readable JPEG: " + why};
}
Error unsupported(const std::string& what) {
  return {ErrorCode::unsupported, what + " is not supported; send a baseline or progressive 8-bit JPEG"};
}

bool is_restart(std::uint8_t marker) {
  return marker >= rst0 && marker <= rst7;
}
bool is_skipped(std::uint8_t marker) {
  return (marker >= app0 && marker <= app15) || marker == com || marker == dnl;
}
bool is_frame_header(std::uint8_t marker) {
  return marker >= sof0 && marker <= 0xCF && marker != dht && marker != jpg && marker != dac;
}

// Reads segment after segment; at_ is behind the last one. Every length is checked against what is left
// before anything of the segment is looked at.
class Scanner {
 public:
  explicit Scanner(Segment bytes) : bytes_(bytes) {}

  Result<JpegHeader> run() {
    if (bytes_.size() < 4 || bytes_[0] != 0xFF || bytes_[1] != soi)
      return unreadable("it does not begin as one");
    at_ = 2;
    for (;;) {
      const int marker = next_marker();
      if (marker < 0) return finish_without_end();
      if (marker == eoi) return finish();
      if (is_restart(static_cast<std::uint8_t>(marker)) || marker == tem) continue;
      if (auto done = read_segment(static_cast<std::uint8_t>(marker)); !done) return done.error();
    }
  }

 private:
  static Error cut_short() { return unreadable("it is cut short (no end marker)"); }

  // The marker at or after at_, with at_ behind it; -1: none is left.
  int next_marker() {
    while (at_ < bytes_.size()) {
      const void* found = std::memchr(bytes_.data() + at_, 0xFF, bytes_.size() - at_);
      if (!found) break;
      at_ = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes_.data()) + 1;
      if (at_ == bytes_.size()) break;
      const std::uint8_t code = bytes_[at_];
      if (code == 0xFF) continue;
      ++at_;
      if (code != 0) return code;
    }
    return -1;
  }

  Result<base::Done> read_segment(std::uint8_t marker) {
    if (bytes_.size() - at_ < 2) return cut_short();
    const std::size_t length = std::size_t{bytes_[at_]} << 8 | bytes_[at_ + 1];
    if (length < 2) return unreadable("a segment's length is wrong");
    if (bytes_.size() - at_ < length) return cut_short();
    const Segment body = bytes_.subspan(at_ + 2, length - 2);
    at_ += length;
    if (is_frame_header(marker)) return read_frame_header(marker, body);
    switch (marker) {
      case sos:
        return read_scan(body);
      case dqt:
        return tables_.read_quantization(body) ? ok() : unreadable("a quantization table is wrong");
      case dht:
        return tables_.read_huffman(body) ? ok() : unreadable("a Huffman table is wrong");
      case dri:
        return body.size() == 2 ? ok() : unreadable("the restart interval's length is wrong");
      case dac:
        return unsupported("arithmetic-coded JPEG");
      default:
        break;
    }
    if (marker == app1 && header_.orientation.is_upright()) header_.orientation = orientation_of_exif(body);
    if (is_skipped(marker)) return ok();
    return unreadable(marker == soi ? "a second picture begins inside it" : "it has an unknown marker");
  }

  Result<base::Done> read_frame_header(std::uint8_t marker, Segment body) {
    if (marker > sof2) {
      const bool arithmetic = marker >= 0xC9 && marker != 0xCB && marker != 0xCF;
      return unsupported(arithmetic ? "arithmetic-coded JPEG" : "lossless or hierarchical JPEG");
    }
    if (!components_.empty()) return unreadable("it has two frame headers");
    if (body.size() < 6 || body.size() != 6u + 3u * body[5])
      return unreadable("the frame header's length is wrong");
    if (body[0] != 8) return unsupported(std::to_string(body[0]) + "-bit JPEG");
    header_.height = body[1] << 8 | body[2];
    header_.width = body[3] << 8 | body[4];
    header_.components = body[5];
    header_.progressive = marker == sof2;
    if (!is_reasonable_size(header_.width, header_.height)) {
      return unreadable("its size " + std::to_string(header_.width) + "x" + std::to_string(header_.height) +
                        " is out of range");
    }
    return read_components(body.subspan(6));
  }

  Result<base::Done> read_components(Segment body) {
    if (header_.components != 1 && header_.components != 3 && header_.components != 4) {
      return unsupported("a JPEG of " + std::to_string(header_.components) + " colour components");
    }
    int max_h = 1, max_v = 1;
    for (std::size_t i = 0; i < body.size(); i += 3) {
      const Component component{body[i], static_cast<std::uint8_t>(body[i + 1] >> 4),
                                static_cast<std::uint8_t>(body[i + 1] & 15), body[i + 2]};
      if (component.h < 1 || component.h > 4 || component.v < 1 || component.v > 4) {
        return unreadable("a sampling factor is out of range");
      }
      max_h = std::max<int>(max_h, component.h);
      max_v = std::max<int>(max_v, component.v);
      components_.push_back(component);
    }
    for (const Component& component : components_) {
      if (max_h % component.h || max_v % component.v) return unsupported("a JPEG of fractional sampling");
    }
    return ok();
  }

  Result<base::Done> read_scan(Segment body) {
    if (components_.empty()) return unreadable("its data come before the frame header");
    const std::size_t count = body.empty() ? 0 : body[0];
    if (count < 1 || count > 4 || body.size() != 4 + 2 * count) return unreadable("a scan header is wrong");
    if (++scans_ > max_scans)
      return unsupported("a JPEG of more than " + std::to_string(max_scans) + " scans");
    const Segment progression = body.last(3);
    if (header_.progressive && !is_progression(progression, count))
      return unreadable("a scan header is wrong");
    int blocks = 0;
    std::array<bool, 256> named{};
    for (std::size_t i = 0; i < count; ++i) {
      Component* component = find_component(body[1 + 2 * i]);
      if (!component || std::exchange(named[component->id], true))
        return unreadable("a scan header is wrong");
      if (!tables_.has_quantization(component->quantization)) {
        return unreadable("a quantization table is missing");
      }
      if (!has_tables(body[2 + 2 * i], progression)) return unreadable("a Huffman table is missing or wrong");
      component->scanned = true;
      if (header_.progressive && (progression[2] & 15) == 0) {
        for (std::size_t k = progression[0]; k <= progression[1]; ++k) component->whole.set(k);
      }
      blocks += component->h * component->v;
    }
    if (count > 1 && blocks > 10) return unreadable("a scan header is wrong");
    return skip_entropy_data();
  }

  // T.81 G.1.1.1: either DC alone, or a band of AC of one component; each refinement adds one bit.
  static bool is_progression(Segment s, std::size_t count) {
    const int first = s[0], last = s[1], high = s[2] >> 4, low = s[2] & 15;
    const bool band = first == 0 ? last == 0 : first <= last && last < 64 && count == 1;
    return band && low <= 13 && (high == 0 || high - 1 == low);
  }

  Component* find_component(std::uint8_t id) {
    for (Component& component : components_) {
      if (component.id == id) return &component;
    }
    return nullptr;
  }

  bool has_tables(std::uint8_t selectors, Segment progression) const {
    const bool progressive = header_.progressive;
    const bool needs_dc = !progressive || (progression[0] == 0 && progression[2] >> 4 == 0);
    const bool needs_ac = !progressive || progression[0] != 0;
    return (!needs_dc || tables_.has_dc(selectors >> 4, progressive)) &&
           (!needs_ac || tables_.has_ac(selectors & 15, progressive));
  }

  // To the next marker that is neither a stuffed zero, a fill byte nor a restart.
  Result<base::Done> skip_entropy_data() {
    const std::size_t start = at_;
    for (;;) {
      const int marker = next_marker();
      if (marker < 0) {
        at_ = bytes_.size();
        entropy_bytes_ += at_ - start;
        return ok();
      }
      if (is_restart(static_cast<std::uint8_t>(marker))) continue;
      at_ -= 2;
      entropy_bytes_ += at_ - start;
      return ok();
    }
  }

  // A block takes at least two bits (progressive: one). Less is a picture that was never written to its end.
  bool has_enough_data() const {
    const auto blocks = std::uint64_t((header_.width + 7) / 8) * std::uint64_t((header_.height + 7) / 8);
    return entropy_bytes_ * (header_.progressive ? 8 : 4) >= blocks;
  }

  Result<JpegHeader> finish() const {
    if (components_.empty()) return unreadable("it has no frame header");
    for (const Component& component : components_) {
      if (!component.scanned) return unreadable("a colour component is missing");
    }
    if (!has_enough_data()) return unreadable("it has too little data for its size");
    JpegHeader shown = header_;
    if (header_.orientation.transpose) std::swap(shown.width, shown.height);
    return shown;
  }

  // Some cameras leave the end marker out. Data that break off look the same, until they are decoded.
  Result<JpegHeader> finish_without_end() const {
    auto header = finish();
    if (!header) return cut_short();
    for (const Component& component : components_) {
      if (header_.progressive && !component.whole.all()) return cut_short();
    }
    if (!is_whole_without_end(bytes_, *header)) return cut_short();
    return header;
  }

  static Result<base::Done> ok() { return base::Done{}; }

  const Segment bytes_;
  std::size_t at_ = 0;
  JpegHeader header_;
  std::vector<Component> components_;
  JpegTables tables_;
  int scans_ = 0;
  std::uint64_t entropy_bytes_ = 0;
};

}  // namespace

Result<JpegHeader> scan_jpeg(std::span<const std::uint8_t> bytes) {
  return Scanner(bytes).run();
}

}  // namespace piste::video
