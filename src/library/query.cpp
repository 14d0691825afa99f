#include "library/query.h"

namespace piste::library {
namespace {

constexpr char separator = '\n';  // of texts in a list; none of them has one

std::string select(std::string_view table, std::string_view more) {
  return "select " + std::string(columns) + std::string(more) + " from " + std::string(table) +
         " where owner = $1";
}

}  // namespace

Query list_query(const Wanted& wanted, std::string_view table, std::string_view more,
                 std::string_view words_condition, const std::string& search) {
  Query query{select(table, more), {wanted.owner}};
  // condition: "$" for the value.
  const auto narrow = [&query](std::string_view condition, const std::string& value) {
    if (value.empty()) return;
    query.values.push_back(value);
    const auto place = condition.find('$') + 1;
    query.sql.append(" and ").append(condition.substr(0, place));
    query.sql.append(std::to_string(query.values.size())).append(condition.substr(place));
  };
  narrow("folder < $", wanted.before);
  narrow("bout = $", wanted.bout);
  narrow("$ in (left_fencer, right_fencer)", wanted.fencer);
  narrow("piste = $", wanted.piste);
  narrow("weapon = $", wanted.weapon);
  narrow("winner = $", wanted.winner);
  narrow("folder >= $", wanted.from);
  narrow("folder < $", wanted.until);
  narrow(words_condition, search);
  if (wanted.review) query.sql += " and review = 1";
  if (wanted.disagreed) query.sql += " and human_verdict not in ('', 'unclear', winner)";
  query.sql += " order by folder desc limit " + std::to_string(wanted.limit);
  return query;
}

Query newest_query(std::string_view owner, std::string_view id, std::string_view table,
                   std::string_view more) {
  return {select(table, more) + " and id = $2 order by folder desc limit 1",
          {std::string(owner), std::string(id)}};
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out.append(text).push_back(separator);
  return out;
}

std::vector<std::string> parted(std::string_view joined) {
  std::vector<std::string> out;
  for (std::size_t end = joined.find(separator); end != joined.npos; end = joined.find(separator)) {
    out.emplace_back(joined.substr(0, end));
    joined.remove_prefix(end + 1);
  }
  return out;
}

std::string words_of(const Phrase& phrase) {
  std::string out;
  for (const auto* text : {&phrase.id, &phrase.name, &phrase.bout, &phrase.left, &phrase.right, &phrase.piste,
                           &phrase.note, &phrase.reason})
    out.append(*text).push_back(separator);
  return out + joined(phrase.tags);
}

}  // namespace piste::library
