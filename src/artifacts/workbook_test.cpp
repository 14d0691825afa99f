#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>

#include "artifacts/artifacts.h"
#include "artifacts/test_analysis.h"
#include "support/small_disk.h"

namespace piste::artifacts {
namespace {

using namespace test;

std::string inflated(const std::string& data, std::size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflateInit2(&stream, -MAX_WBITS);
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return out;
}

// The parts of a zip file, by its central directory.
std::map<std::string, std::string> unzipped(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string zip(std::istreambuf_iterator<char>(in), {});
  const auto number = [&](std::size_t at, int bytes) {
    std::size_t value = 0;
    for (int i = bytes; i-- > 0;)
      value = value << 8 | static_cast<std::uint8_t>(zip.at(at + static_cast<std::size_t>(i)));
    return value;
  };
  std::map<std::string, std::string> parts;
  const auto end = zip.rfind("PK\5\6");
  if (end == std::string::npos) return parts;
  std::size_t at = number(end + 16, 4);
  for (std::size_t left = number(end + 10, 2); left > 0; --left) {
    const auto name_size = number(at + 28, 2), local = number(at + 42, 4);
    const auto data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
    const std::string packed = zip.substr(data, number(at + 20, 4));
    parts[zip.substr(at + 46, name_size)] =
        number(at + 10, 2) == 0 ? packed : inflated(packed, number(at + 24, 4));
    at += 46 + name_size + number(at + 30, 2) + number(at + 32, 2);
  }
  return parts;
}

// The text or number in a cell, "" where there is none.
std::string cell(const std::string& sheet, const std::string& name) {
  const auto at = sheet.find("<c r=\"" + name + "\"");
  if (at == std::string::npos) return "";
  const std::string content = sheet.substr(at, sheet.find("</c>", at) - at);
  const auto end = content.find("</");
  const auto start = content.rfind('>', end);
  return end == std::string::npos ? "" : content.substr(start + 1, end - start - 1);
}

TEST(Workbook, HasASheetForEachCoordinateAndTheScores) {
  TempDir directory;
  ASSERT_TRUE(write_workbook(directory / "k.xlsx", example()).ok());
  EXPECT_EQ(directory.count(), 1);
  auto parts = unzipped(directory / "k.xlsx");
  std::size_t at = 0;
  for (const char* name : {"left_x", "left_y", "right_x", "right_y", "scores"}) {
    const auto found = parts["xl/workbook.xml"].find("<sheet name=\"" + std::string(name) + "\"");
    ASSERT_NE(found, std::string::npos) << name;
    EXPECT_GE(found, at);
    at = found;
  }
}

TEST(Workbook, RowsAreFramesAndColumnsAreJoints) {
  TempDir directory;
  const auto analysis = example();
  ASSERT_TRUE(write_workbook(directory / "k.xlsx", analysis).ok());
  auto parts = unzipped(directory / "k.xlsx");
  const auto& left_x = parts["xl/worksheets/sheet1.xml"];
  EXPECT_EQ(cell(left_x, "A1"), "frame");
  EXPECT_EQ(cell(left_x, "B1"), "time (s)");
  EXPECT_EQ(cell(left_x, "C1"), "nose");
  EXPECT_EQ(cell(left_x, "S1"), "right_ankle");
  EXPECT_EQ(cell(left_x, "T1"), "kp_0") << "the predecessor's columns, behind ours";
  EXPECT_EQ(cell(left_x, "AJ1"), "kp_16");
  EXPECT_EQ(cell(left_x, "AK1"), "");
  EXPECT_EQ(cell(left_x, "T12"), cell(left_x, "C12"));
  EXPECT_EQ(cell(left_x, "AJ12"), cell(left_x, "S12"));
  EXPECT_EQ(cell(left_x, "A12"), "10");
  EXPECT_NEAR(std::stod(cell(left_x, "B12")), 10 / 30., 1e-6);
  EXPECT_NEAR(std::stod(cell(left_x, "C12")), analysis.tracks.left.points[10].keypoints[0].x, .01);
  EXPECT_EQ(cell(left_x, "A61"), "59");
  EXPECT_EQ(cell(left_x, "A62"), "");
  const auto& right_y = parts["xl/worksheets/sheet4.xml"];
  EXPECT_NEAR(std::stod(cell(right_y, "S2")), 560, .01);
  const auto& scores = parts["xl/worksheets/sheet5.xml"];
  EXPECT_EQ(cell(scores, "C1"), "left nose");
  EXPECT_EQ(cell(scores, "T1"), "right nose");
  EXPECT_EQ(cell(scores, "AJ1"), "right right_ankle");
  EXPECT_NEAR(std::stod(cell(scores, "AJ2")), .9, .001);
}

TEST(Workbook, CellsAreBlankWhereNothingWasSeen) {
  TempDir directory;
  auto analysis = example();
  analysis.tracks.left.points[0].seen = false;
  analysis.tracks.left.points[1].keypoints[2].score = 0;
  analysis.tracks.left.points[2].keypoints[0].x = std::numeric_limits<float>::quiet_NaN();
  ASSERT_TRUE(write_workbook(directory / "k.xlsx", analysis).ok());
  auto parts = unzipped(directory / "k.xlsx");
  const auto& left_x = parts["xl/worksheets/sheet1.xml"];
  EXPECT_EQ(cell(left_x, "A2"), "0");
  EXPECT_EQ(cell(left_x, "C2"), "");
  EXPECT_EQ(cell(left_x, "S2"), "");
  EXPECT_NE(cell(left_x, "D3"), "");
  EXPECT_EQ(cell(left_x, "E3"), "");
  EXPECT_EQ(cell(left_x, "C4"), "");
  EXPECT_EQ(left_x.find("nan"), std::string::npos);
  EXPECT_EQ(cell(parts["xl/worksheets/sheet5.xml"], "C2"), "");
  EXPECT_NE(cell(parts["xl/worksheets/sheet5.xml"], "T2"), "");
}

TEST(Workbook, WithoutFramesThereAreHeadings) {
  TempDir directory;
  ASSERT_TRUE(write_workbook(directory / "k.xlsx", types::Analysis{}).ok());
  EXPECT_EQ(cell(unzipped(directory / "k.xlsx")["xl/worksheets/sheet5.xml"], "A1"), "frame");
}

TEST(Workbook, FailureIsAnErrorThatLeavesNothing) {
  TempDir directory;
  const auto missing = write_workbook(directory / "no/such/k.xlsx", example());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::io);
  const FileSizeLimit limit(2000);
  EXPECT_FALSE(write_workbook(directory / "k.xlsx", example()).ok());
  EXPECT_EQ(directory.count(), 0);
}

auto open_files() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

class WorkbookOnAFullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk.mounted())
      GTEST_SKIP() << "skipped: no small disk can be mounted here (" << disk.why_not() << ")";
    ASSERT_TRUE(disk.fill(4 << 10));
  }

  TempDir folder;
  piste::test::SmallDisk disk{folder / "disk", 1};
};

TEST_F(WorkbookOnAFullDisk, IsAnErrorThatLeavesNoFileOpen) {
  const auto before = open_files();
  const auto written = write_workbook(disk.path() / "k.xlsx", example());
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::io);
  EXPECT_EQ(open_files(), before);
  disk.make_room();
  EXPECT_TRUE(write_workbook(disk.path() / "k.xlsx", example()).ok());
}

TEST_F(WorkbookOnAFullDisk, IsWholeElsewhereThoughTemporaryFilesHaveNoRoom) {
  ASSERT_TRUE(write_workbook(folder / "before.xlsx", example()).ok());
  ::setenv("TMPDIR", disk.path().c_str(), 1);
  const auto written = write_workbook(folder / "full.xlsx", example());
  ::unsetenv("TMPDIR");
  ASSERT_TRUE(written.ok());
  EXPECT_TRUE(unzipped(folder / "full.xlsx")["xl/worksheets/sheet1.xml"] ==
              unzipped(folder / "before.xlsx")["xl/worksheets/sheet1.xml"]);
}

}  // namespace
}  // namespace piste::artifacts
