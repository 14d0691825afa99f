#include "verdict_phrases.h"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "rows/line_file.h"
#include "scoring/log.h"

namespace piste::bench {
namespace {

namespace json = boost::json;
using types::Side;
using types::Winner;

constexpr std::int64_t kBlock = 180;     // neighbours in the long video are alike
constexpr std::size_t kDateInGroup = 4;  // "0701" of "0701-100V2"
constexpr std::string_view kLongVideo = "new-train-video";
// The second half of that evening is put away by itself (LOCKED of tools/train_referee/phrases.py).
constexpr std::string_view kSplitDate = "2026-02-05";
constexpr std::string_view kLate = "20260205_210130";

std::optional<Winner> winner_named(std::string_view name) {
  if (name == "left") return Winner::left;
  if (name == "right") return Winner::right;
  if (name == "sim") return Winner::none;
  return std::nullopt;
}

std::string_view text(const json::object& row, std::string_view name) {
  const json::value* found = row.if_contains(name);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::string broadcast_fold(const json::object& row) {
  const std::string_view group = text(row, "group");
  if (group != kLongVideo) return std::string(group.substr(0, kDateInGroup));
  return "long/" + std::to_string(row.at("n").to_number<std::int64_t>() / kBlock);
}

void read_broadcast(const json::object& row, double touch, LabelledPhrase& out) {
  out.fold = broadcast_fold(row);
  out.truth = winner_named(text(row, "winner"));
  out.phrase.touches = {{Side::left, touch, true}, {Side::right, touch, true}};
}

void read_club(const json::object& row, const std::string& signal, LabelledPhrase& out) {
  auto log = scoring::parse_log(signal);
  if (!log) throw std::runtime_error(out.id + ": " + log.error().message);
  out.fold = text(row, "date");
  if (out.fold == kSplitDate && out.id >= kLate) out.fold += " late";
  out.phrase = std::move(log->phrase);
  out.truth = winner_named(text(row, "verdict"));
  out.predecessor = winner_named(text(row, "original_winner"));
  if (const auto lamp = winner_named(text(row, "single_light")))
    out.single_light = *lamp == Winner::left ? Side::left : Side::right;
}

LabelledPhrase labelled(const std::string& line) {
  auto row = rows::parse_row(line);
  if (!row) throw std::runtime_error(row.error().message);
  const json::value value = json::parse(line);
  LabelledPhrase out;
  out.id = row->id;
  out.tracks = std::move(row->tracks);
  if (row->touch_time) {
    read_broadcast(value.as_object(), *row->touch_time, out);
  } else {
    read_club(value.as_object(), row->signal, out);
  }
  return out;
}

std::string file_name(std::string fold) {
  std::erase(fold, '/');
  return fold;
}

std::shared_ptr<const referee::Weights> read_weights(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto weights = referee::parse_weights(text);
  if (!weights) throw std::runtime_error(path.string() + ": " + weights.error().message);
  return std::make_shared<referee::Weights>(std::move(weights).value());
}

}  // namespace

std::optional<std::vector<LabelledPhrase>> load_phrases(const std::filesystem::path& rows) {
  if (!std::filesystem::exists(rows)) return std::nullopt;
  auto file = rows::LineFile::open(rows.string());
  if (!file) throw std::runtime_error(file.error().message);
  std::vector<LabelledPhrase> out;
  while (true) {
    auto line = file->next();
    if (!line) throw std::runtime_error(line.error().message);
    if (!line->has_value()) return out;
    out.push_back(labelled(**line));
  }
}

void use_weights(const std::filesystem::path& folder, std::vector<LabelledPhrase>& phrases) {
  std::map<std::string, std::shared_ptr<const referee::Weights>> by_fold;
  for (LabelledPhrase& phrase : phrases) {
    const auto path = folder / (file_name(phrase.fold) + ".weights");
    const auto [weights, fresh] = by_fold.try_emplace(phrase.fold);
    if (fresh && std::filesystem::exists(path)) weights->second = read_weights(path);
    phrase.weights = weights->second;
  }
  std::erase_if(phrases, [](const LabelledPhrase& phrase) { return !phrase.weights; });
}

}  // namespace piste::bench
