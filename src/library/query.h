// What SQLite and PostgreSQL are asked for alike: one text of SQL for both, and rows that are read alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "library/phrase.h"

namespace piste::library {

// The columns of a phrase, in the order of phrase_in().
constexpr std::string_view columns =
    "folder, owner, id, duration, weapon, winner, confidence, review, reason, name, bout, "
    "left_fencer, right_fencer, tags, human_verdict, note, human_blind, piste";

struct Query {
  std::string sql;
  std::vector<std::string> values;  // of $1, $2 and so on, which stand in this order
};

// Phrases as columns and `more`. words: the condition for its search, "$" where that stands.
Query list_query(const Wanted& wanted, std::string_view table, std::string_view more,
                 std::string_view words_condition, const std::string& search);
Query newest_query(std::string_view owner, std::string_view id, std::string_view table,
                   std::string_view more);

std::string joined(const std::vector<std::string>& texts);
std::vector<std::string> parted(std::string_view joined);
// All that a search looks at.
std::string words_of(const Phrase& phrase);

// Row: text(), number() and integer() of a column's number.
template <class Row>
Phrase phrase_in(const Row& row) {
  return {.folder = row.text(0),
          .owner = row.text(1),
          .id = row.text(2),
          .duration = row.number(3),
          .weapon = row.text(4),
          .winner = row.text(5),
          .confidence = row.number(6),
          .review = row.integer(7) != 0,
          .reason = row.text(8),
          .name = row.text(9),
          .bout = row.text(10),
          .left = row.text(11),
          .right = row.text(12),
          .piste = row.text(17),
          .tags = parted(row.text(13)),
          .human_verdict = row.text(14),
          .human_blind = row.integer(16) != 0,
          .note = row.text(15)};
}

}  // namespace piste::library
