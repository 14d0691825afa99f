#include "app/decide_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <thread>
#include <vector>

#include "app/complain.h"
#include "artifacts/artifacts.h"
#include "base/json_text.h"
#include "base/pending_file.h"
#include "base/text.h"
#include "rows/line_file.h"
#include "scoring/log.h"
#include "types/names.h"

namespace piste::app {
namespace {

constexpr std::string_view decide_program = "referee decide";

namespace json = boost::json;

constexpr std::size_t kRowsAtOnce = 256;  // rows in memory: bounds it however long the file is

struct DecideArguments {
  std::string rows;
  std::string out;
  unsigned threads = 1;
  types::Weapon weapon = types::Weapon::sabre;
  double review_below = 0.65;
  double signal_offset_ms = 0;
};

JudgedRow error_row(std::size_t number, const std::string& message) {
  return {base::json_text(json::object{{"line", number}, {"error", base::escaped(message)}}), false};
}

types::Phrase both_lamps(double touch) {
  types::Phrase phrase;
  phrase.touches = {{types::Side::left, touch, true}, {types::Side::right, touch, true}};
  return phrase;
}

std::string verdict_line(types::Analysis analysis) {
  json::object out{{"id", analysis.id}};
  const json::value decision = json::parse(artifacts::decision_json(analysis));
  for (const auto& member : decision.as_object()) out.emplace(member.key(), member.value());
  return base::json_text(out);
}

// Judges the rows with several threads; the results keep the rows' order.
std::vector<JudgedRow> judge_all(const std::vector<std::string>& lines, std::size_t first_number,
                                 unsigned threads, const referee::Options& options) {
  std::vector<JudgedRow> out(lines.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < lines.size(); i = next++)
      out[i] = judge_row(lines[i], first_number + i, options);
  };
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
  return out;
}

struct Tally {
  std::size_t rows = 0;
  std::size_t malformed = 0;
};

rows::Result<Tally> judge_file(rows::LineFile& in, std::ostream& out, const DecideArguments& arguments) {
  const referee::Options options{arguments.weapon, arguments.review_below, arguments.signal_offset_ms / 1000};
  Tally tally;
  std::vector<std::string> lines;
  for (bool more = true; more;) {
    lines.clear();
    while (more && lines.size() < kRowsAtOnce) {
      auto line = in.next();
      if (!line) return line.error();
      more = line->has_value();
      if (more) lines.push_back(std::move(**line));
    }
    for (const JudgedRow& row : judge_all(lines, tally.rows + 1, arguments.threads, options)) {
      out << row.json << '\n';
      tally.malformed += row.ok ? 0 : 1;
    }
    tally.rows += lines.size();
  }
  return tally;
}

int run(const DecideArguments& arguments) {
  auto in = rows::LineFile::open(arguments.rows);
  if (!in) return complain(decide_program, arguments.rows + ": " + in.error().message);
  base::PendingFile pending(arguments.out);
  std::ofstream out(pending.path(), std::ios::binary);
  const auto tally = judge_file(in.value(), out, arguments);
  if (!tally) return complain(decide_program, arguments.rows + ": " + tally.error().message);
  out.close();
  if (!out || pending.commit()) return complain(decide_program, arguments.out + ": cannot be written");
  std::cerr << tally->rows << " rows, " << tally->malformed << " malformed\n";
  return tally->malformed == 0 ? 0 : 1;
}

}  // namespace

JudgedRow judge_row(std::string_view line, std::size_t number, const referee::Options& options) {
  auto row = rows::parse_row(line);
  if (!row) return error_row(number, row.error().message);
  types::Analysis analysis;
  analysis.id = row->id;
  analysis.weapon = options.weapon;
  analysis.log_offset = row->touch_time ? 0 : options.log_offset;
  if (row->touch_time) {
    analysis.phrase = both_lamps(*row->touch_time);
  } else {
    auto log = scoring::parse_log(row->signal, {.weapon = options.weapon});
    if (!log) return error_row(number, "\"signal\": " + log.error().message);
    analysis.phrase = std::move(log->phrase);  // the person's verdict in the log stays behind
  }
  referee::Options own = options;
  own.log_offset = analysis.log_offset;
  analysis.tracks = std::move(row->tracks);
  analysis.verdict = referee::decide(analysis.tracks, analysis.phrase, own);
  return {verdict_line(std::move(analysis)), true};
}

void add_decide_command(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("decide", "Judge recorded phrases: rows of keypoints and scoring log, no video");
  auto arguments = std::make_shared<DecideArguments>();
  command->add_option("rows", arguments->rows, "PHRASES.jsonl[.gz], one phrase a line")->required();
  command->add_option("--out", arguments->out, "where the verdicts go, one JSON object a line")->required();
  command->add_option("--threads", arguments->threads, "rows judged at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  const auto set_weapon = [arguments](const std::string& name) {
    arguments->weapon = *types::weapon_named(name);
  };
  const auto check_weapon = [](const std::string& name) {
    return std::string(types::weapon_named(name) ? "" : "must be sabre, foil or epee");
  };
  command->add_option_function<std::string>("--weapon", set_weapon, "sabre, foil or epee")
      ->check(check_weapon)
      ->envname("REFEREE_WEAPON");
  command
      ->add_option("--review-below", arguments->review_below, "confidence under which a person should look")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command
      ->add_option("--signal-offset-ms", arguments->signal_offset_ms,
                   "ms from the first frame to the log's zero")
      ->check(CLI::Range(-60000.0, 60000.0))
      ->envname("REFEREE_SIGNAL_OFFSET_MS")
      ->capture_default_str();
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace piste::app
