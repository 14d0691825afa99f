#include <sys/mman.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "artifacts/artifacts.h"
#include "base/descriptor.h"
#include "base/file_text.h"

namespace piste::artifacts {
namespace {

using types::Keypoint;
using types::Side;

constexpr std::array<const char*, types::joint::count> joint_names{
    "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle"};
constexpr lxw_col_t first_joint_column = 2;   // after frame and time
constexpr const char* number_prefix = "kp_";  // "kp_0" ...: the joints' columns once more, by number
constexpr double steps = 1000;  // to one; more digits mean nothing and make the file a quarter larger

// Files without a disk: when one is full, libxlsxwriter leaves the workbook open for good and cuts its sheets
// short without a word.
int memory_file() {
  return ::memfd_create("workbook", MFD_CLOEXEC);
}

// The workbook in the making. libxlsxwriter keeps the first failure until the end.
class Workbook {
 public:
  Workbook() : file_(memory_file()), path_("/proc/self/fd/" + std::to_string(file_.get())) {
    if (!file_.ok()) return;
    // constant_memory: rows become text as they are complete, so they must be written in order.
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(path_.c_str(), &options);
    if (!book_) return;
    heading_ = workbook_add_format(book_);
    format_set_bold(heading_);
    seconds_ = workbook_add_format(book_);
    format_set_num_format(seconds_, "0.000");
    pixels_ = workbook_add_format(book_);
    format_set_num_format(pixels_, "0.0");
    scores_ = workbook_add_format(book_);
    format_set_num_format(scores_, "0.00");
  }
  ~Workbook() { close(); }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  void add_coordinates(const char* name, const types::Track& track, float Keypoint::* coordinate) {
    lxw_worksheet* sheet = begin_sheet(name, {""});
    if (!sheet) return;
    constexpr lxw_col_t numbered = first_joint_column + types::joint::count;
    for (lxw_col_t joint = 0; joint < types::joint::count; ++joint) {
      const std::string heading = number_prefix + std::to_string(joint);
      worksheet_write_string(sheet, 0, static_cast<lxw_col_t>(numbered + joint), heading.c_str(), heading_);
    }
    for (std::size_t i = 0; i < rows(track); ++i) {
      begin_row(sheet, i, track.points[i]);
      for (const lxw_col_t column : {first_joint_column, numbered})
        write_joints(sheet, i, column, track.points[i], coordinate, pixels_);
    }
  }

  void add_scores(const types::Tracks& tracks) {
    lxw_worksheet* sheet = begin_sheet("scores", {"left ", "right "});
    if (!sheet) return;
    for (std::size_t i = 0; i < rows(tracks.left); ++i) {
      begin_row(sheet, i, tracks.left.points[i]);
      lxw_col_t column = first_joint_column;
      for (const Side side : types::both_sides) {
        write_joints(sheet, i, column, tracks[side].points[i], &Keypoint::score, scores_);
        column = static_cast<lxw_col_t>(column + types::joint::count);
      }
    }
  }

  // The file's bytes, empty if anything since the beginning failed.
  std::string close() {
    if (!book_ || workbook_close(std::exchange(book_, nullptr)) != LXW_NO_ERROR) return {};
    return base::file_text(path_).value_or("");
  }

 private:
  static std::size_t rows(const types::Track& track) {
    return std::min<std::size_t>(track.points.size(), LXW_ROW_MAX - 1);
  }

  // prefixes: a group of joint columns for each.
  lxw_worksheet* begin_sheet(const char* name, const std::vector<std::string>& prefixes) {
    lxw_worksheet* sheet = book_ ? workbook_add_worksheet(book_, name) : nullptr;
    if (!sheet) return nullptr;
    const auto last = static_cast<lxw_col_t>(first_joint_column + prefixes.size() * types::joint::count - 1);
    worksheet_set_column(sheet, 0, 1, 9, nullptr);
    worksheet_set_column(sheet, first_joint_column, last, 14, nullptr);
    worksheet_freeze_panes(sheet, 1, first_joint_column);
    worksheet_write_string(sheet, 0, 0, "frame", heading_);
    worksheet_write_string(sheet, 0, 1, "time (s)", heading_);
    lxw_col_t column = first_joint_column;
    for (const auto& prefix : prefixes) {
      for (const char* joint : joint_names) {
        worksheet_write_string(sheet, 0, column++, (prefix + joint).c_str(), heading_);
      }
    }
    return sheet;
  }

  void begin_row(lxw_worksheet* sheet, std::size_t index, const types::TrackPoint& point) {
    const auto row = static_cast<lxw_row_t>(index + 1);
    worksheet_write_number(sheet, row, 0, static_cast<double>(point.number), nullptr);
    if (std::isfinite(point.time)) worksheet_write_number(sheet, row, 1, point.time, seconds_);
  }

  // Cells stay blank where the fencer was not seen.
  static void write_joints(lxw_worksheet* sheet, std::size_t index, lxw_col_t column,
                           const types::TrackPoint& point, float Keypoint::* member, lxw_format* format) {
    if (!point.seen) return;
    for (const Keypoint& joint : point.keypoints) {
      const double value = joint.*member;
      if (joint.score > 0 && std::isfinite(value)) {
        worksheet_write_number(sheet, static_cast<lxw_row_t>(index + 1), column,
                               std::round(value * steps) / steps, format);
      }
      ++column;
    }
  }

  const base::Descriptor file_;
  const std::string path_;
  lxw_workbook* book_ = nullptr;
  lxw_format* heading_ = nullptr;
  lxw_format* seconds_ = nullptr;
  lxw_format* pixels_ = nullptr;
  lxw_format* scores_ = nullptr;
};

}  // namespace

Result<base::Done> write_workbook(const std::filesystem::path& path, const types::Analysis& analysis) {
  Workbook book;
  const types::Tracks& tracks = analysis.tracks;
  book.add_coordinates("left_x", tracks.left, &Keypoint::x);
  book.add_coordinates("left_y", tracks.left, &Keypoint::y);
  book.add_coordinates("right_x", tracks.right, &Keypoint::x);
  book.add_coordinates("right_y", tracks.right, &Keypoint::y);
  book.add_scores(tracks);
  const std::string bytes = book.close();
  if (bytes.empty() || !write_file(path, bytes).ok())
    return Error{ErrorCode::io, "the keypoints workbook cannot be written"};
  return base::Done{};
}

}  // namespace piste::artifacts

// In the place of libxlsxwriter's own, which makes a file in the folder for temporary files; the library
// leaves this function to its users.
FILE* lxw_tmpfile(char* /*folder*/) {
  return ::fdopen(piste::artifacts::memory_file(), "w+b");
}
