#include "session/picture_lags.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_dir.h"

namespace piste::session {
namespace {

class PictureLagsTest : public testing::Test {
 protected:
  const test::TempDir folder;
  const std::filesystem::path file = folder / "library" / "pistes.json";
};

TEST_F(PictureLagsTest, AreThereAfterARestart) {
  PictureLags(file).measured("", "A", {.182, .009});
  const PictureLags again(file);
  ASSERT_TRUE(again.of("", "A"));
  EXPECT_DOUBLE_EQ(again.of("", "A")->seconds, .182);
  EXPECT_DOUBLE_EQ(again.of("", "A")->error, .009);
  EXPECT_FALSE(again.of("", "B"));
}

TEST_F(PictureLagsTest, BelongToWhoFilms) {
  PictureLags lags(file);
  lags.measured("club", "A", {.3, .01});
  lags.measured("other", "A", {.1, .01});
  EXPECT_DOUBLE_EQ(lags.of("club", "A")->seconds, .3);
  EXPECT_FALSE(lags.of("", "A"));
}

TEST_F(PictureLagsTest, AFileThatIsNoneOfOursIsPassedOver) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << R"([{"owner":"","piste":"A"}])";
  PictureLags lags(file);
  EXPECT_FALSE(lags.of("", "A"));
  lags.measured("", "A", {.2, .01});
  EXPECT_TRUE(PictureLags(file).of("", "A"));
}

TEST_F(PictureLagsTest, ThereAreNotAnyNumber) {
  PictureLags lags(file);
  for (std::size_t i = 0; i <= PictureLags::most; ++i) lags.measured("", "p" + std::to_string(i), {.1, .01});
  std::size_t known = 0;
  for (std::size_t i = 0; i <= PictureLags::most; ++i) known += lags.of("", "p" + std::to_string(i)) ? 1 : 0;
  EXPECT_EQ(known, PictureLags::most);
  EXPECT_TRUE(lags.of("", "p" + std::to_string(PictureLags::most)));
}

}  // namespace
}  // namespace piste::session
