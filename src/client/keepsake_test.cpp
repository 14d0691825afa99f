#include "client/keepsake.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/temp_dir.h"

namespace piste::client {
namespace {

namespace fs = std::filesystem;

fs::path saved(const fs::path& name, std::uint8_t grey) {
  Keepsake keepsake(name.string(), 30);
  types::EncodedFrame frame{0,  0.0, types::Encoding::raw,
                            16, 16,  std::make_shared<types::Bytes>(16 * 16 * 3, grey)};
  keepsake.add(frame);
  return keepsake.finish().value();
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Keepsake, LeavesTheOneThatWasSavedUnderTheSameIdAlone) {
  const test::TempDir folder;
  const fs::path first = saved(folder / "phrase_1", 1);
  EXPECT_EQ(first, folder / "phrase_1.mkv");
  const std::string before = content(first);
  EXPECT_EQ(saved(folder / "phrase_1", 2), folder / "phrase_1-2.mkv");
  EXPECT_EQ(saved(folder / "phrase_1", 3), folder / "phrase_1-3.mkv");
  EXPECT_EQ(content(first), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 3);
}

TEST(Keepsake, LeavesNothingWhereItWasNotNeeded) {
  const test::TempDir folder;
  {
    Keepsake keepsake((folder / "phrase_1").string(), 30);
    keepsake.add({0, 0.0, types::Encoding::raw, 16, 16, std::make_shared<types::Bytes>(16 * 16 * 3, 1)});
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace piste::client
