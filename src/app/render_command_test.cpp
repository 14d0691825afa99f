#include "app/render_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "app/command_test.h"

namespace piste::app {
namespace {

using testing::HasSubstr;

class RenderCommand : public CommandTest {
 protected:
  RenderCommand() : CommandTest("render", add_render_command) {}

  void write(const char* name, const std::string& text) const { std::ofstream(folder / name) << text; }

  const std::string sample = PISTE_SOURCE_DIR "/samples/attack-from-left.json";
};

TEST_F(RenderCommand, DrawsASampleWithItsLogAndTruth) {
  ASSERT_EQ(run(sample + " --out " + path("v.mp4") + " --truth " + path("t.json") +
                " --width 320 --height 180 --fps 10"),
            0)
      << said;
  EXPECT_GT(std::filesystem::file_size(folder / "v.mp4"), 1000U);
  EXPECT_EQ(content(folder / "v.txt"), content(PISTE_SOURCE_DIR "/samples/attack-from-left.txt"));
  EXPECT_THAT(content(folder / "t.json"), HasSubstr(R"("frames":36)"));
}

TEST_F(RenderCommand, DrawsARowWithTheWholeLogOfTheBox) {
  std::string joints;
  for (int i = 0; i < 17; ++i)
    joints += (i == 0 ? "[" : ",[") + std::to_string(1 + .01 * i) + "," + std::to_string(.1 * i) + "]";
  const std::string track = "[[" + joints + "],[" + joints + "]]";
  write("rows.jsonl",
        R"({"id":"x1","fps":15,"signal":" 0.100s | HIT: Left scores on Right!\nlast line","left":)" + track +
            R"(,"right":)" + track + "}\n");
  const std::string rest = path("rows.jsonl") + " --width 320 --height 180 --out " + path("v.mkv");
  ASSERT_EQ(run("--id x1 " + rest + " --signal " + path("box.txt")), 0) << said;
  EXPECT_EQ(content(folder / "box.txt"), " 0.100s | HIT: Left scores on Right!\nlast line");
  EXPECT_EQ(run("--row 1 " + rest), 0) << said;
  EXPECT_EQ(run("--row 2 " + rest), 2);
  EXPECT_THAT(said, HasSubstr("there is no row 2"));
}

TEST_F(RenderCommand, SaysWhatIsWrongWithTheMotion) {
  write("bad.json", R"({"id": "x", "title": "x", "duration": 0})");
  EXPECT_EQ(run(path("bad.json") + " --out " + path("v.mp4")), 2);
  EXPECT_THAT(said, HasSubstr("bad.json: duration: must be a number from 0.2 to 120"));
  EXPECT_FALSE(std::filesystem::exists(folder / "v.mp4"));
  EXPECT_FALSE(std::filesystem::exists(folder / "v.txt"));
}

TEST_F(RenderCommand, RefusesWhatItCannotDo) {
  EXPECT_EQ(run(sample + " --out " + path("v.gif")), 2);
  EXPECT_THAT(said, HasSubstr(".mp4"));
  EXPECT_GT(run(sample), 100) << "--out is missing";
  EXPECT_GT(run(sample + " --out v.mp4 --fps 0"), 100);
  EXPECT_GT(run(sample + " --out v.mp4 --width 20"), 100);
  EXPECT_GT(run(sample + " --out v.mp4 --row 1 --id x"), 100);
}

}  // namespace
}  // namespace piste::app
