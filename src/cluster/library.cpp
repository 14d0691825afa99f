#include "cluster/library.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/number.h"
#include "library/folded_words.h"
#include "library/query.h"
#include "library/search_words.h"

namespace piste::cluster {
namespace {

using library::Phrase;
using library::Wanted;

constexpr const char* table = "piste.phrase";
constexpr const char* more = ", node";

// What its owner has removed at another node is not listed again.
constexpr const char* put_row_statement =
    "insert into piste.phrase (folder, owner, id, duration, weapon, winner, confidence, review, reason, "
    "name, bout, left_fencer, right_fencer, tags, human_verdict, note, human_blind, piste, node, words) "
    "select $1, $2, $3, $4::float8, $5, $6, $7::float8, $8::int, $9, $10, $11, $12, $13, $14, $15, $16, "
    "$17::int, $18, $19, $20 where not exists (select from piste.removed where folder = $1) "
    "on conflict (folder) do update set owner = excluded.owner, id = excluded.id, "
    "duration = excluded.duration, weapon = excluded.weapon, winner = excluded.winner, "
    "confidence = excluded.confidence, review = excluded.review, reason = excluded.reason, "
    "name = excluded.name, bout = excluded.bout, left_fencer = excluded.left_fencer, "
    "right_fencer = excluded.right_fencer, tags = excluded.tags, human_verdict = excluded.human_verdict, "
    "note = excluded.note, human_blind = excluded.human_blind, piste = excluded.piste, node = excluded.node, "
    "words = excluded.words";

// "Martin ripos" as patterns, one a line; each word is looked for at the beginning of words.
std::string search_of(std::string_view words) {
  std::string out;
  for (const std::string_view word : library::search_words(words)) {
    const std::string folded = library::folded_words(word);
    if (folded.empty()) continue;
    if (!out.empty()) out += '\n';
    out.append("%").append(folded).append("%");
  }
  return out.empty() && !words.empty() ? "-" : out;  // no word at all is no phrase's
}

class Row {
 public:
  explicit Row(const std::vector<Value>& values) : values_(values) {}
  std::string text(std::size_t column) const { return values_[column].value_or(""); }
  double number(std::size_t column) const { return base::number_in<double>(text(column)).value_or(0); }
  int integer(std::size_t column) const { return base::number_in<int>(text(column)).value_or(0); }

 private:
  const std::vector<Value>& values_;
};

Phrase phrase_of(const std::vector<Value>& values) {
  Phrase phrase = library::phrase_in(Row(values));
  phrase.node = values.back().value_or("");
  return phrase;
}

std::string text_of(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

// PostgreSQL's texts have no zeros.
Value clean(std::string text) {
  std::ranges::replace(text, '\0', ' ');
  return text;
}

library::Error error_of(const Error& error) {
  const bool refused = error.code == ErrorCode::refused;
  return {refused ? library::ErrorCode::refused : library::ErrorCode::io, error.message};
}

}  // namespace

library::Result<base::Done> Library::tell(const char* statement, const std::vector<Value>& values) {
  const auto told = line_.ask(statement, values);
  if (!told) return error_of(told.error());
  return base::Done{};
}

library::Result<base::Done> Library::put(const Phrase& phrase) {
  return tell(put_row_statement, {phrase.folder,
                                  clean(phrase.owner),
                                  clean(phrase.id),
                                  text_of(phrase.duration),
                                  clean(phrase.weapon),
                                  clean(phrase.winner),
                                  text_of(phrase.confidence),
                                  phrase.review ? "1" : "0",
                                  clean(phrase.reason),
                                  clean(phrase.name),
                                  clean(phrase.bout),
                                  clean(phrase.left),
                                  clean(phrase.right),
                                  clean(library::joined(phrase.tags)),
                                  clean(phrase.human_verdict),
                                  clean(phrase.note),
                                  phrase.human_blind ? "1" : "0",
                                  clean(phrase.piste),
                                  node_,
                                  library::folded_words(library::words_of(phrase))});
}

library::Result<base::Done> Library::remove(std::string_view folder) {
  return tell("delete from piste.phrase where folder = $1", {std::string(folder)});
}

std::optional<Phrase> Library::newest(std::string_view owner, std::string_view id) const {
  const auto query = library::newest_query(owner, id, table, more);
  const auto rows = line_.ask(query.sql.c_str(), {query.values.begin(), query.values.end()});
  if (!rows || rows->empty()) return std::nullopt;
  auto phrase = phrase_of(rows->front());
  return phrase.node == node_ ? std::nullopt : std::optional(std::move(phrase));
}

library::Result<std::vector<Phrase>> Library::list(const Wanted& wanted) const {
  const auto query = library::list_query(wanted, table, more, "words like all (string_to_array($, chr(10)))",
                                         search_of(wanted.words));
  const auto rows = line_.ask(query.sql.c_str(), {query.values.begin(), query.values.end()});
  if (!rows) return error_of(rows.error());
  std::vector<Phrase> out;
  for (const auto& row : *rows) {
    auto phrase = phrase_of(row);
    if (phrase.node != node_) out.push_back(std::move(phrase));
  }
  return out;
}

}  // namespace piste::cluster
