// What a bout has come to, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "bout/cutter.h"
#include "bout/sheet.h"
#include "pipeline/bout_film.h"

namespace piste::app {

struct BoutReport {
  std::string video;
  std::vector<pipeline::BoutPhrase> phrases;
  std::vector<bout::LeftOut> left_out;
  bout::Sheet sheet;
};

// "3:07.4"
std::string minutes(double seconds);

std::string table_head();
std::string table_row(const pipeline::BoutPhrase& phrase);

// bout.json; docs/bouts.md describes each field.
std::string bout_json(const BoutReport& report);

}  // namespace piste::app
