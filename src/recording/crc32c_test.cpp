#include "recording/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

namespace piste::recording {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(crc32c(bytes_of("")), 0u);
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283u);
  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0x00)), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0xFF)), 0x62A8AB43u);
}

TEST(Crc32c, IsTheSameByInstructionAndByTableAtEverySizeAndAlignment) {
  std::mt19937 random(1);
  std::vector<std::uint8_t> bytes(50'000);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  for (const std::size_t size : {0, 1, 7, 8, 9, 63, 2048, 6143, 6144, 6145, 12'288, 30'001, 49'990}) {
    for (std::size_t start = 0; start < 9; ++start) {
      const auto part = std::span(bytes).subspan(start, size);
      EXPECT_EQ(crc32c(part), crc32c_portable(part)) << size << " bytes from " << start;
    }
  }
}

TEST(Crc32c, GoesOnOverPieces) {
  std::vector<std::uint8_t> bytes(20'000, 0x5A);
  bytes[12'345] = 1;
  const auto all = std::span<const std::uint8_t>(bytes);
  EXPECT_EQ(crc32c(all.subspan(7001), crc32c(all.first(7001))), crc32c(all));
  EXPECT_EQ(crc32c_portable(all.subspan(7001), crc32c_portable(all.first(7001))), crc32c(all));
}

}  // namespace
}  // namespace piste::recording
