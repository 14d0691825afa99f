// What a bout has come to, for people and for programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bout/cutter.h"
#include "bout/sheet.h"
#include "pipeline/engine.h"

namespace piste::pipeline {

struct BoutReport {
  std::string video;  // empty: it was live
  std::vector<BoutPhrase> phrases;
  std::vector<bout::LeftOut> left_out;
  bout::Sheet sheet;
  std::optional<types::PictureLag> lag;  // as it was measured beside a box
};

// "3:07.4"
std::string minutes(double seconds);

std::string table_head();
std::string table_row(const BoutPhrase& phrase);

// After this phrase: a box tells it some seconds after the hit.
bout::Score score_after(const BoutReport& report, const BoutPhrase& phrase);
// The same while it may not have told it yet: with the verdict's point, then.
bout::Score expected_score(const BoutReport& report, const BoutPhrase& phrase);

// bout.json; docs/bouts.md describes each field.
std::string bout_json(const BoutReport& report);
// Its phrases, without their results, and what was left out; nullopt where it is none of ours.
std::optional<BoutReport> read_bout(std::string_view json);

}  // namespace piste::pipeline
