// bench_library: how long lists and searches of the library take. One JSON line a case on stdout, a table on
// stderr.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "library/file_library.h"
#include "report.h"

namespace piste::bench {
namespace {

using Clock = std::chrono::steady_clock;
using library::Phrase;
using library::Wanted;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string folder_name(int number) {
  std::array<char, 48> name{};
  std::snprintf(name.data(), name.size(), "2026%02d%02dT%02d%02d%02dZ-%016x", 1 + number / 9000 % 12,
                1 + number / 321 % 28, number / 60 % 24, number % 60, number % 59,
                static_cast<unsigned>(number));
  return name.data();
}

Phrase phrase(int number) {
  Phrase out;
  out.folder = folder_name(number);
  out.owner = number % 10 == 0 ? "guest" : "club";
  out.id = "phrase-" + std::to_string(number);
  out.duration = 4;
  out.weapon = number % 3 == 0 ? "foil" : "sabre";
  out.winner = number % 2 == 0 ? "left" : "right";
  out.confidence = .5 + number % 50 / 100.;
  out.review = number % 7 == 0;
  out.reason = "Attack from the left: right stopped at 1.20 s while left kept advancing";
  out.bout = "bout " + std::to_string(number / 30);
  out.left = "fencer " + std::to_string(number % 200);
  out.right = "fencer " + std::to_string(number / 7 % 200);
  if (number % 1000 == 1) out.note = "riposte seen from the other side";
  return out;
}

bool measure(const library::Library& library, const char* name, const Wanted& wanted, int runs) {
  std::vector<double> times;
  std::size_t found = 0;
  for (int run = 0; run < runs; ++run) {
    const auto start = Clock::now();
    const auto list = library.list(wanted);
    if (!list) return false;
    times.push_back(milliseconds_since(start));
    found = list->size();
  }
  report("library", name,
         {{"found", static_cast<double>(found)},
          {"p50_ms", percentile(times, .5)},
          {"p99_ms", percentile(times, .99)}});
  return true;
}

int run(int phrases, int runs) {
  const auto scratch =
      std::filesystem::temp_directory_path() / ("piste-library-" + std::to_string(::getpid()));
  std::filesystem::create_directory(scratch);
  const auto file = scratch / "library.db";
  auto opened = library::FileLibrary::open(file);
  bool good = opened.ok();
  const auto start = Clock::now();
  for (int i = 0; good && i < phrases; ++i) good = (*opened)->put(phrase(i)).ok();
  if (good) {
    report("library", "put",
           {{"phrases", static_cast<double>(phrases)}, {"each_ms", milliseconds_since(start) / phrases}});
    const auto again = Clock::now();
    opened = library::FileLibrary::open(file);
    good = opened.ok();
    report("library", "open", {{"ms", milliseconds_since(again)}});
  }
  for (const auto& [name, wanted] : std::vector<std::pair<const char*, Wanted>>{
           {"newest 50", {.owner = "club"}},
           {"a page in the middle", {.owner = "club", .before = folder_name(phrases / 2)}},
           {"a bout", {.owner = "club", .bout = "bout 17"}},
           {"a fencer", {.owner = "club", .fencer = "fencer 17"}},
           {"to be looked at", {.owner = "club", .review = true}},
           {"a word", {.owner = "club", .words = "ripost"}},
           {"a weapon that is never", {.owner = "club", .weapon = "epee"}}})
    good = good && measure(**opened, name, wanted, runs);
  std::filesystem::remove_all(scratch);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  CLI::App app{"How long lists and searches of the library take."};
  int phrases = 100'000, runs = 50;
  app.add_option("--phrases", phrases, "how many there are")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--runs", runs, "how often each is asked")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  return piste::bench::run(phrases, runs);
}
