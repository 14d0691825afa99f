#include "server/qr_code.h"

#include <gtest/gtest.h>

namespace piste::server {
namespace {

TEST(QrCode, HasItsThreeCorners) {
  const QrCode code("https://piste.local:8080/");
  ASSERT_GE(code.width(), 21);
  const int far = code.width() - 7;
  for (const auto& [x, y] : {std::pair(0, 0), std::pair(far, 0), std::pair(0, far)}) {
    for (int i = 0; i < 7; ++i) EXPECT_TRUE(code.dark(x + i, y) && code.dark(x, y + i));
    EXPECT_FALSE(code.dark(x + 1, y + 1));
  }
  EXPECT_FALSE(code.dark(-1, 0));
  EXPECT_TRUE(svg_of(code).ends_with("</svg>"));
}

TEST(QrCode, ATextThatIsTooLongHasNone) {
  EXPECT_EQ(QrCode(std::string(5000, 'x')).width(), 0);
}

}  // namespace
}  // namespace piste::server
