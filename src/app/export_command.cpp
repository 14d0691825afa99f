#include "app/export_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/complain.h"
#include "app/judged_phrase.h"
#include "base/pending_file.h"
#include "base/text.h"
#include "rows/gzip_lines.h"

namespace piste::app {
namespace {

constexpr std::string_view export_program = "referee export";
constexpr int deepest = 3;  // a bout's phrases lie in its folder

struct ExportArguments {
  std::string folder = "referee_output";
  std::string out;
};

struct Exported {
  std::int64_t rows = 0;
  std::int64_t not_judged = 0;
  std::int64_t one_lamp = 0;
  std::int64_t damaged = 0;
};

// In order of their names, which is the order of time.
std::vector<std::filesystem::path> phrases_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  std::error_code ignored;  // what goes while we look is not there
  for (auto at = std::filesystem::recursive_directory_iterator(
           folder, std::filesystem::directory_options::skip_permission_denied, ignored);
       at != std::filesystem::recursive_directory_iterator(); at.increment(ignored)) {
    const bool hidden = at->path().filename().string().starts_with('.');
    if (hidden || at.depth() >= deepest) at.disable_recursion_pending();
    if (!hidden && at->path().filename() == "keypoints.json") out.push_back(at->path().parent_path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

rows::Result<Exported> write_rows(const std::vector<std::filesystem::path>& phrases,
                                  const std::filesystem::path& path) {
  auto file = rows::GzipLines::create(path);
  if (!file) return file.error();
  Exported exported;
  for (const auto& phrase : phrases) {
    const auto row = judged_row(phrase);
    if (row) {
      if (const auto written = file->add(*row); !written) return written.error();
      ++exported.rows;
    } else if (row.error().code == ExportError::damaged) {
      ++exported.damaged;
      std::cerr << export_program << ": " << base::escaped(phrase.string()) << " cannot be read\n";
    } else {
      ++(row.error().code == ExportError::one_lamp ? exported.one_lamp : exported.not_judged);
    }
  }
  if (const auto closed = file->close(); !closed) return closed.error();
  return exported;
}

int run(const ExportArguments& arguments) {
  if (!std::filesystem::is_directory(arguments.folder))
    return complain(export_program, arguments.folder + ": no such folder");
  base::PendingFile pending(arguments.out);
  const auto exported = write_rows(phrases_in(arguments.folder), pending.path());
  if (!exported || pending.commit()) return complain(export_program, arguments.out + ": cannot be written");
  std::cerr << base::plural(exported->rows, "judged phrase") << " written; left out: " << exported->not_judged
            << " that nobody has judged, " << exported->one_lamp << " of one lamp, " << exported->damaged
            << " that cannot be read\n";
  return exported->rows > 0 && exported->damaged == 0 ? 0 : exit_failed;
}

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "export", "Write the phrases that people have judged, as rows that the referee is trained with");
  auto arguments = std::make_shared<ExportArguments>();
  command->add_option("--output-dir", arguments->folder, "where the service keeps its phrases")
      ->envname("REFEREE_OUTPUT_DIR")
      ->capture_default_str();
  command->add_option("--out", arguments->out, "PHRASES.jsonl.gz, one phrase a line")->required();
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace piste::app
