// Nothing is lost: a client streams through a proxy that cuts, stalls and delays, while the service is killed
// (SIGKILL) and started again, stopped in order and started again, or relieved by another one that is started
// beside it, at random by fixed seeds; in half of the rounds, which run with REFEREE_FSYNC=frame, the power
// is cut as well. Now and then the disk is full, where a small one can be mounted. Each time every frame must
// arrive once, bit for bit, the verdict be the undisturbed one, and a phrase that another client has left be
// judged.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdio>
#include <future>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/json_text.h"
#include "chaos_phrase.h"
#include "chaos_proxy.h"
#include "ingest_process.h"
#include "power_cut.h"
#include "program.h"
#include "support/small_disk.h"

namespace piste::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::milliseconds;
using test::SmallDisk;

struct Options {
  int rounds = 100;
  int from = 1;
  unsigned seed = 1;
  fs::path programs;
  fs::path sample = fs::path(PISTE_SOURCE_DIR) / "samples/attack-from-right.json";
};

// How services have ended.
struct Ends {
  int kills = 0;
  int stops = 0;
  int reliefs = 0;
  int power_cuts = 0;
  int full_disks = 0;
  int all() const { return kills + stops + reliefs + power_cuts + full_disks; }
  std::string text() const {
    return std::to_string(kills) + " kills, " + std::to_string(stops) + " stops, " + std::to_string(reliefs) +
           " reliefs, " + std::to_string(power_cuts) + " power cuts, " + std::to_string(full_disks) +
           " full disks";
  }
};

struct Tally {
  ChaosProxy::Tally proxy;
  Ends ends;
  int wrong = 0;
};

// Where the phrases of a round go.
struct Place {
  const Options& options;
  const SmallDisk& disk;
  fs::path output;
  std::optional<PowerCut> power;  // none: it is not cut
};

ChildProcess start_service(const Options& options, const fs::path& output,
                           const std::vector<std::string>& more = {}) {
  std::vector<std::string> environment{"REFEREE_OUTPUT_DIR=" + output.string(), "REFEREE_MIN_FREE_DISK_MB=0",
                                       "REFEREE_LOG_LEVEL=ERROR", "REFEREE_STOP_TIMEOUT=1"};
  environment.insert(environment.end(), more.begin(), more.end());
  return ChildProcess::service(options.programs / "referee_service", environment);
}

ChildProcess start_service(const Place& place) {
  auto more = place.power ? place.power->environment() : std::vector<std::string>();
  if (place.power) more.emplace_back("REFEREE_FSYNC=frame");
  return start_service(place.options, place.output, more);
}

// One service ends, another is there; or the disk is full for a while.
void disturb_once(Place& place, std::minstd_rand& random, ChaosProxy& proxy,
                  std::optional<ChildProcess>& service, Ends& ends) {
  switch (random() % (place.power ? 6 : 4)) {
    case 0:
      service->kill();
      ++ends.kills;
      break;
    case 3:
      if (!place.disk.mounted()) return;
      place.disk.fill();
      std::this_thread::sleep_for(milliseconds(random() % 1500));
      place.disk.make_room();
      ++ends.full_disks;
      return;
    case 4:
    case 5:
      service->kill();
      place.power->cut(random);
      ++ends.power_cuts;
      break;
    case 1:
      service.reset();  // in order, and waited for
      ++ends.stops;
      break;
    default: {
      auto next = start_service(place);
      proxy.forward_to(next.port());  // for new connections
      service.reset();
      service.emplace(std::move(next));
      ++ends.reliefs;
      return;
    }
  }
  service.emplace(start_service(place));
  proxy.forward_to(service->port());
}

// Until enough services have ended or the client is done; then everything goes well.
Ends disturb(Place& place, unsigned seed, ChaosProxy& proxy, std::optional<ChildProcess>& service,
             const std::shared_future<Delivered>& client) {
  std::minstd_rand random(seed);
  const int most = std::uniform_int_distribution<int>(1, 3)(random);
  Ends ends;
  while (!proxy.under_way()) {
    if (client.wait_for(milliseconds(1)) == std::future_status::ready) return ends;
  }
  while (ends.all() < most) {
    const milliseconds pause(std::uniform_int_distribution<int>(0, 2500)(random));
    if (client.wait_for(pause) == std::future_status::ready) return ends;
    disturb_once(place, random, proxy, service, ends);
  }
  client.wait_for(std::chrono::seconds(3));
  proxy.behave();
  return ends;
}

// A result that was told when the power was cut is made again; what found no room is made later.
void await_video(const fs::path& artifacts) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while ((fs::exists(artifacts / "frames.log") || !fs::exists(artifacts / "phrase.mkv")) &&
         std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(milliseconds(100));
}

// What went wrong; empty: nothing.
std::string run_round(const Options& options, const ChaosPhrase& phrase, const std::string& verdict,
                      int round, Tally& tally) {
  const ScratchDirectory scratch(fs::temp_directory_path());
  const SmallDisk disk(scratch.path() / "disk", 512);
  Place place{options, disk, scratch.path() / "disk" / "output", {}};
  if (round / 2 % 2 == 0) place.power.emplace(PISTE_POWER_SHIM, place.output);
  const unsigned seed = options.seed * 1000 + static_cast<unsigned>(round);
  std::optional<ChildProcess> service(start_service(place));
  leave_phrase(phrase, service->port(), "left");
  ChaosProxy proxy(seed);
  proxy.forward_to(service->port());
  const std::shared_future<Delivered> client = std::async(std::launch::async, [&] {
    return stream_phrase(phrase, proxy.port(), "round-" + std::to_string(round), round % 2 == 0,
                         scratch.path());
  });
  const Ends ends = disturb(place, seed, proxy, service, client);
  std::fprintf(stderr, "round %d: %s\n", round + 1, ends.text().c_str());
  tally.ends.kills += ends.kills;
  tally.ends.stops += ends.stops;
  tally.ends.reliefs += ends.reliefs;
  tally.ends.power_cuts += ends.power_cuts;
  tally.ends.full_disks += ends.full_disks;
  const Delivered& delivered = client.get();
  const auto seen = proxy.tally();
  tally.proxy.connections += seen.connections;
  tally.proxy.cuts += seen.cuts;
  tally.proxy.stalls += seen.stalls;
  tally.proxy.delays += seen.delays;
  if (delivered.exit_code != 0) return "the client gave up: " + delivered.said;
  if (delivered.verdict != verdict) return "another verdict: " + delivered.verdict;
  if (const auto wrong = fault_of_left(phrase, service->port(), "left"); !wrong.empty()) return wrong;
  await_video(delivered.artifacts);
  return difference(phrase, delivered.artifacts);
}

std::string undisturbed(const Options& options, const ChaosPhrase& phrase, const fs::path& scratch) {
  const auto service = start_service(options, scratch / "undisturbed");
  const auto delivered = stream_phrase(phrase, service.port(), "undisturbed", false, scratch);
  if (delivered.exit_code != 0) throw std::runtime_error("undisturbed, the phrase fails: " + delivered.said);
  const auto wrong = difference(phrase, delivered.artifacts);
  if (!wrong.empty()) throw std::runtime_error("undisturbed, the video is another: " + wrong);
  return delivered.verdict;
}

int run_all(const Options& options) {
  const ScratchDirectory scratch(fs::temp_directory_path());
  const auto phrase = draw_phrase(options.sample, options.programs / "referee", scratch.path());
  const std::string verdict = undisturbed(options, phrase, scratch.path());
  Tally tally;
  for (int round = options.from - 1; round < options.from - 1 + options.rounds; ++round) {
    const std::string wrong = run_round(options, phrase, verdict, round, tally);
    if (wrong.empty()) continue;
    ++tally.wrong;
    std::fprintf(stderr, "round %d is wrong: %s\n", round + 1, wrong.c_str());
  }
  const json::object line{{"bench", "chaos"},
                          {"rounds", options.rounds},
                          {"seed", options.seed},
                          {"frames_each", phrase.frames.size()},
                          {"kills", tally.ends.kills},
                          {"stops", tally.ends.stops},
                          {"reliefs", tally.ends.reliefs},
                          {"power_cuts", tally.ends.power_cuts},
                          {"full_disks", tally.ends.full_disks},
                          {"connections", tally.proxy.connections},
                          {"cuts", tally.proxy.cuts},
                          {"stalls", tally.proxy.stalls},
                          {"delays", tally.proxy.delays},
                          {"wrong", tally.wrong}};
  std::cout << base::json_text(line) << std::endl;
  std::fprintf(stderr, "%d rounds: %s, %d cuts, %d stalls, %d delays: %d wrong\n", options.rounds,
               tally.ends.text().c_str(), tally.proxy.cuts, tally.proxy.stalls, tally.proxy.delays,
               tally.wrong);
  return tally.wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  CLI::App app("Whether a phrase arrives whole, whatever happens to its connection and to the service");
  Options options;
  options.programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  app.add_option("--rounds", options.rounds, "phrases")->capture_default_str()->check(CLI::Range(1, 100'000));
  app.add_option("--from", options.from, "the first of them, to see again what was wrong")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  app.add_option("--seed", options.seed, "of all that happens at random")->capture_default_str();
  app.add_option("--sample", options.sample, "motion file of the phrase")->check(CLI::ExistingFile);
  return run_program(app, argc, argv, [&] { return run_all(options); });
}
