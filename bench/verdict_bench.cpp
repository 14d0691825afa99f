// bench_verdict: how often the referee is right, on phrases of dates that it has not learned from, how well
// it knows that, what bad recordings cost, and how fast it decides. One JSON line a case on stdout, a table
// on stderr.
//
// Needs the recorded phrases (../shared/data/phrases); skips without them.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>

#include "program.h"
#include "referee/decide.h"
#include "verdict_disturbances.h"
#include "verdict_figures.h"
#include "verdict_from_video.h"
#include "verdict_phrases.h"
#include "verdict_yardsticks.h"

namespace piste::bench {
namespace {

using types::Side;
using types::Winner;
using Phrases = std::vector<LabelledPhrase>;

constexpr double kNoise = 5.0 / 126;  // units: 5 px where a unit is 126 px
constexpr double kLost = 0.1;
constexpr double kShift = 0.1;     // s
constexpr double kFarShift = 1.0;  // s
constexpr std::array<std::uint64_t, 3> kSeeds{1, 2, 3};

struct Options {
  std::filesystem::path data = PISTE_SOURCE_DIR "/../shared/data/phrases";
  std::filesystem::path weights;  // empty: the built-in ones
  int runs = 5;
  bool from_video = false;
  std::size_t films = 136;  // phrases of the run from video: all that were recorded
};

std::filesystem::path cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const auto base =
      cache ? std::filesystem::path(cache) : std::filesystem::path(home ? home : ".") / ".cache";
  return base / "piste" / "films";
}

// --- reporting ---

using Figures = std::vector<std::pair<std::string, double>>;

void report(const std::string& name, const Figures& figures) {
  std::string json = R"({"bench":"verdict","case":")" + name + '"';
  std::string row = name;
  row.resize(std::max<std::size_t>(row.size(), 44), ' ');
  for (const auto& [key, value] : figures) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", value);
    json.append(",\"").append(key).append("\":").append(text.data());
    std::snprintf(text.data(), text.size(), " %.4g", value);
    row.append("  ").append(key).append(text.data());
  }
  std::cout << json << '}' << std::endl;
  std::cerr << row << std::endl;
}

void report_share(const std::string& name, const Share& share) {
  const Interval range = interval(share);
  report(name, {{"accuracy", share.value()},
                {"low", range.low},
                {"high", range.high},
                {"n", static_cast<double>(share.of)}});
}

// --- calls ---

types::Verdict call(const LabelledPhrase& phrase) {
  referee::Options options;
  options.weights = phrase.weights.get();
  return referee::decide(phrase.tracks, phrase.phrase, options);
}

double lean_of(const types::Verdict& verdict) {
  double sum = 0;
  for (const auto& finding : verdict.trace) {
    if (finding.favours == Side::left) sum += finding.weight;
    if (finding.favours == Side::right) sum -= finding.weight;
  }
  return sum;
}

std::vector<Call> referee_calls(const Phrases& phrases) {
  std::vector<Call> calls;
  for (const LabelledPhrase& phrase : phrases) {
    const types::Verdict verdict = call(phrase);
    calls.push_back({phrase.fold, *phrase.truth, verdict.winner, verdict.confidence, lean_of(verdict)});
  }
  return calls;
}

std::vector<Call> yardstick_calls(const Phrases& phrases,
                                  const std::function<double(const LabelledPhrase&)>& lean) {
  std::vector<Call> calls;
  for (const LabelledPhrase& phrase : phrases)
    calls.push_back({phrase.fold, *phrase.truth, Winner::none, 0.5, lean(phrase)});
  return calls;
}

double lean_to(std::optional<Winner> winner) {
  return winner == Winner::left ? 1 : winner == Winner::right ? -1 : 0;
}

// --- one set of phrases ---

struct Set {
  std::string name;
  Phrases phrases;
};

void report_yardsticks(const Set& set) {
  const auto show = [&](const std::string& name, const std::function<double(const LabelledPhrase&)>& lean) {
    report_share(set.name + ": " + name, left_or_right(yardstick_calls(set.phrases, lean)));
  };
  show("yardstick always left", [](const LabelledPhrase&) { return 1.0; });
  show("yardstick last pause", lean_by_last_pause);
  show("yardstick last pause, head advance", lean_by_pause_and_advance);
  if (!set.phrases.front().predecessor) return;
  show("yardstick predecessor", [](const LabelledPhrase& phrase) { return lean_to(phrase.predecessor); });
}

void report_parts(const std::string& name, const std::vector<Call>& calls,
                  const std::function<std::string(const Call&)>& part_of) {
  std::map<std::string, std::vector<Call>> parts;
  for (const Call& call : calls) parts[part_of(call)].push_back(call);
  for (const auto& [part, own] : parts) report_share(name + " " + part, accuracy(own));
}

void report_coverage(const std::string& name, const std::vector<Call>& calls) {
  for (const int percent : {25, 50, 75, 100})
    report_share(name + ": surest " + std::to_string(percent) + " %", accuracy_at(calls, percent / 100.0));
}

void report_classes(const std::string& name, const std::vector<Call>& calls) {
  for (const Winner winner : {Winner::left, Winner::right, Winner::none}) {
    const OfClass of = of_class(calls, winner);
    report(name + ": answered " + std::string(to_string(winner)), {{"precision", of.precision()},
                                                                   {"recall", of.recall()},
                                                                   {"f1", of.f1()},
                                                                   {"calls", static_cast<double>(of.calls)},
                                                                   {"n", static_cast<double>(of.truths)}});
  }
  report(name + ": three classes", {{"macro_f1", macro_f1(calls)}});
}

std::string era_of(const Call& call) {
  return call.fold.substr(0, 4) == "2026" ? "2026 (30 fps)" : "2025 (15 fps)";
}

void report_summary(const std::string& name, const std::vector<Call>& calls) {
  std::vector<Call> won;
  std::copy_if(calls.begin(), calls.end(), std::back_inserter(won),
               [](const Call& call) { return call.truth != Winner::none; });
  const Share share = accuracy(won);
  const Interval range = interval(share);
  report(name, {{"accuracy", share.value()},
                {"low", range.low},
                {"high", range.high},
                {"n", static_cast<double>(share.of)},
                {"half", accuracy_at(won, 0.5).value()},
                {"forced", left_or_right(won).value()},
                {"calibration_error", calibration_error(calls)},
                {"macro_f1", macro_f1(calls)}});
}

void report_set(const Set& set) {
  const bool club = set.phrases.front().predecessor.has_value();
  const auto calls = referee_calls(set.phrases);
  report_summary(set.name + ": referee", calls);
  const Interval range = interval_by_folds(calls);
  report(set.name + ": when dates are drawn again", {{"low", range.low}, {"high", range.high}});
  report_yardsticks(set);
  report_coverage(set.name, calls);
  report_parts(set.name + ": date", calls, [](const Call& call) { return call.fold; });
  if (club) report_parts(set.name + ": era", calls, era_of);
  report_classes(set.name, calls);
}

Phrases disturbed(const Phrases& phrases, const std::function<LabelledPhrase(const LabelledPhrase&)>& how) {
  Phrases out;
  std::transform(phrases.begin(), phrases.end(), std::back_inserter(out), how);
  return out;
}

// With several seeds the calls of all are taken together.
void report_disturbance(const Set& set, const std::string& name, std::size_t seeds,
                        const std::function<LabelledPhrase(const LabelledPhrase&, std::uint64_t)>& how) {
  std::vector<Call> calls;
  for (std::size_t i = 0; i < seeds; ++i) {
    const auto own = referee_calls(
        disturbed(set.phrases, [&](const LabelledPhrase& phrase) { return how(phrase, kSeeds[i]); }));
    calls.insert(calls.end(), own.begin(), own.end());
  }
  report_summary(set.name + ", " + name, calls);
}

void report_disturbances(const Set& set) {
  report_disturbance(set, "noise of 5 px", kSeeds.size(),
                     [](const auto& phrase, auto seed) { return with_noise(phrase, kNoise, seed); });
  report_disturbance(set, "10 % of frames lost", kSeeds.size(),
                     [](const auto& phrase, auto seed) { return with_lost_frames(phrase, kLost, seed); });
  report_disturbance(set, "half the frame rate", 1,
                     [](const auto& phrase, auto) { return at_half_rate(phrase); });
  report_disturbance(set, "clock 100 ms late", 1,
                     [](const auto& phrase, auto) { return with_shifted_clock(phrase, kShift); });
  report_disturbance(set, "clock 100 ms early", 1,
                     [](const auto& phrase, auto) { return with_shifted_clock(phrase, -kShift); });
  report_disturbance(set, "clock 1 s late", 1,
                     [](const auto& phrase, auto) { return with_shifted_clock(phrase, kFarShift); });
  report_disturbance(set, "clock 1 s early", 1,
                     [](const auto& phrase, auto) { return with_shifted_clock(phrase, -kFarShift); });
}

// --- what the lamps decide, symmetry, speed ---

void report_single_lights(const Phrases& phrases) {
  Share share;
  for (const LabelledPhrase& phrase : phrases) {
    if (!phrase.single_light) continue;
    const types::Verdict verdict = call(phrase);
    share.right += verdict.winner == types::winner_of(*phrase.single_light) ? 1 : 0;
    ++share.of;
  }
  report_share("club: single light (the lamp decides)", share);
}

bool mirror_images(const types::Verdict& a, const types::Verdict& b) {
  const bool same_winner = a.winner == b.winner;
  const bool swapped = same_winner == (a.winner == Winner::none || a.winner == Winner::both);
  return swapped && a.confidence == b.confidence && lean_of(a) == -lean_of(b);
}

void report_symmetry(const Set& set) {
  Share share;
  for (const LabelledPhrase& phrase : set.phrases) {
    const LabelledPhrase other = mirrored(phrase);
    share.right += mirror_images(call(phrase), call(other));
    ++share.of;
  }
  report(set.name + ": fencers swapped", {{"verdict_swapped", share.value()}});
}

void report_speed(const Set& set, int runs) {
  std::vector<double> times;  // ms a decision
  std::vector<double> rates;
  for (int run = 0; run < runs; ++run) {
    double sum = 0;
    for (const LabelledPhrase& phrase : set.phrases) {
      const auto start = std::chrono::steady_clock::now();
      call(phrase);
      const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
      times.push_back(took.count());
      sum += took.count();
    }
    rates.push_back(1e3 * static_cast<double>(set.phrases.size()) / sum);
  }
  std::sort(times.begin(), times.end());
  std::sort(rates.begin(), rates.end());
  report(set.name + ": speed, 1 thread", {{"decisions_per_s", rates[rates.size() / 2]},
                                          {"median_ms", times[times.size() / 2]},
                                          {"p99_ms", times[times.size() * 99 / 100]}});
}

// --- the whole ---

Phrases with_truth(const Phrases& all) {
  Phrases out;
  for (const LabelledPhrase& phrase : all)
    if (phrase.truth && !phrase.single_light) out.push_back(phrase);
  return out;
}

void measure(const Set& set, const Options& options) {
  report_set(set);
  report_disturbances(set);
  report_symmetry(set);
  report_speed(set, options.runs);
}

int run_from_video(const Options& options) {
  const auto rows = options.data / "phrases.jsonl.gz";
  if (!std::filesystem::exists(rows)) {
    std::cerr << "SKIPPED: there are no recorded phrases in " << rows.string()
              << "; --data names their folder\n";
    return 0;
  }
  measure_from_video({rows, PISTE_SOURCE_DIR "/models", cache_folder(), options.films});
  return 0;
}

int run(const Options& options) {
  if (options.from_video) return run_from_video(options);
  auto club = load_phrases(options.data / "phrases.jsonl.gz");
  auto broadcast = load_phrases(options.data / "broadcast.jsonl.gz");
  if (!club && !broadcast) {
    std::cerr << "SKIPPED: no recorded phrases in " << options.data.string()
              << " (phrases.jsonl.gz, broadcast.jsonl.gz); --data names their folder\n";
    return 0;
  }
  if (options.weights.empty()) {
    std::cerr << "The built-in weights have learned from these very phrases. To measure on dates held out:\n"
                 "  tools/train_referee/train --held-out FOLDER && ./dev bench verdict --weights FOLDER\n";
  } else {
    for (auto* phrases : {&club, &broadcast})
      if (*phrases) use_weights(options.weights, **phrases);
  }
  if (club && !club->empty()) {
    report_single_lights(*club);
    measure({"club", with_truth(*club)}, options);
  }
  if (broadcast && !broadcast->empty()) measure({"broadcast", with_truth(*broadcast)}, options);
  return 0;
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  piste::bench::Options options;
  CLI::App app("Measures the referee on recorded phrases: accuracy by date, calibration, robustness, speed");
  app.add_option("--data", options.data, "folder of phrases.jsonl.gz and broadcast.jsonl.gz")
      ->capture_default_str();
  app.add_option(
      "--weights", options.weights,
      "folder of weights trained without each date (tools/train_referee/train --held-out); only those "
      "dates are measured");
  app.add_option("--runs", options.runs, "runs over the phrases for the speed")->check(CLI::Range(1, 1000));
  app.add_flag("--from-video", options.from_video,
               "instead: phrases drawn as video (kept in the cache) and run through the whole pipeline");
  app.add_option("--films", options.films, "phrases for --from-video")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  return piste::bench::run_program(app, argc, argv, [&] { return piste::bench::run(options); });
}
