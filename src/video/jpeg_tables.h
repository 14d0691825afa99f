// Which tables a JPEG has brought so far, and whether a decoder can use them. Internal to the module.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace piste::video {

class JpegTables {
 public:
  // body: of a DQT or DHT segment, which may hold several tables. False: it is malformed.
  bool read_quantization(std::span<const std::uint8_t> body);
  bool read_huffman(std::span<const std::uint8_t> body);

  bool has_quantization(unsigned index) const { return index < quantization_.size() && quantization_[index]; }
  bool has_dc(unsigned index, bool progressive) const { return has(dc_, index, progressive); }
  bool has_ac(unsigned index, bool progressive) const { return has(ac_, index, progressive); }

 private:
  enum class State : std::uint8_t { missing, usable, broken };
  using States = std::array<State, 4>;

  static State check(std::span<const std::uint8_t> counts, std::span<const std::uint8_t> symbols, bool dc);
  static bool has(const States& states, unsigned index, bool progressive);

  std::array<bool, 4> quantization_{};
  States dc_{}, ac_{};
};

}  // namespace piste::video
