// `referee decide`: the verdict on every recorded phrase of a file, without video.
#pragma once

#include <string>
#include <string_view>

#include "referee/decide.h"

namespace CLI {
class App;
}

namespace piste::app {

// exit_code becomes 0; 1 when a row was malformed; 2 when a file cannot be read or written.
void add_decide_command(CLI::App& app, int& exit_code);

struct JudgedRow {
  std::string json;  // one line without its end: {"id", "winner", "confidence", ...} or {"line", "error"}
  bool ok = false;
};

// line: one row of rows/row.h, foreign bytes; number: its place in the file, from 1, for the error row.
JudgedRow judge_row(std::string_view line, std::size_t number, const referee::Options& options);

}  // namespace piste::app
