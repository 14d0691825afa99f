// Mixed load for a while: good, slow, leaving, broken and hostile clients at once. Afterwards the service
// must hold no more memory and no more descriptors than it did when it had warmed up. So in each of its
// lives. In the first the disk is full for a while, where a small one can be mounted: what clients have left
// must be judged when there is room. The second ends by SIGKILL, the third by a power cut; what clients have
// left must be there in the next one.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <iostream>
#include <random>
#include <syncstream>
#include <thread>
#include <utility>

#include "base/median.h"
#include "ingest_process.h"
#include "power_cut.h"
#include "program.h"
#include "soak_clients.h"
#include "support/small_disk.h"
#include "video/codec.h"

namespace {

using namespace piste;
using namespace piste::bench;
using piste::test::SmallDisk;
using std::chrono::steady_clock;

constexpr int frames = 12;
constexpr double megabyte = 1 << 20;

struct Sample {
  double memory = 0;  // MB resident
  std::size_t descriptors = 0;
};

Sample sample_of(const ChildProcess& service) {
  const auto open = std::filesystem::directory_iterator("/proc/" + std::to_string(service.pid()) + "/fd");
  return {static_cast<double>(service.memory()) / megabyte,
          static_cast<std::size_t>(std::distance(open, std::filesystem::directory_iterator()))};
}

std::vector<std::string> make_pictures() {
  std::vector<std::string> pictures;
  for (int i = 0; i < frames; ++i) {
    types::Image image{320, 240, types::Bytes(320 * 240 * 3)};
    for (std::size_t at = 0; at < image.bgr.size(); ++at)
      image.bgr[at] = static_cast<std::uint8_t>(at / 7 + static_cast<std::size_t>(i) * 5);
    const auto jpeg = video::encode_jpeg(image, 85);
    pictures.emplace_back(jpeg->begin(), jpeg->end());
  }
  return pictures;
}

struct Tally {
  std::atomic<int> visits = 0;  // to their end
  std::atomic<int> refused = 0;
  std::atomic<int> failed = 0;
};

constexpr int lives = 3;                    // on the usual disk
constexpr double most_on_small_disk = 0.5;  // minutes: results stay, so it fills by itself

Visitor make_visitor(const std::vector<std::string>& pictures, std::string name, unsigned seed) {
  return {0, pictures, " 0.2s | HIT: Left scores on Right!\n", std::mt19937(seed), 0, std::move(name)};
}

// Two phrases beside each other, so that what the service keeps for good is there: networks, thread stacks,
// the allocator's arenas.
void warm_up(const ChildProcess& service, const std::vector<std::string>& pictures) {
  const auto visit = [&](unsigned seed) {
    Visitor visitor = make_visitor(pictures, "first" + std::to_string(seed), seed);
    visitor.port = service.port();
    visit_slowly(visitor);
  };
  auto other = std::async(std::launch::async, visit, 1);
  visit(2);
  other.get();
}

struct Kind {
  const char* name;
  void (*visit)(Visitor&);
  int clients;
  bool must_succeed;
};
constexpr Kind kinds[] = {{"good", visit_well, 2, true},
                          {"slow", visit_slowly, 2, true},
                          {"leaving", visit_and_leave, 1, true},
                          {"broken", visit_brokenly, 2, false},
                          {"hostile", visit_hostilely, 2, false}};

struct Regular {
  std::size_t kind = 0;
  Visitor visitor;
};

std::vector<Regular> make_regulars(const std::vector<std::string>& pictures) {
  std::vector<Regular> made;
  for (std::size_t kind = 0; kind < std::size(kinds); ++kind) {
    for (int i = 0; i < kinds[kind].clients; ++i) {
      const auto seed = static_cast<unsigned>(kind * 100) + static_cast<unsigned>(i);
      made.push_back({kind, make_visitor(pictures, kinds[kind].name + std::to_string(i), seed)});
    }
  }
  return made;
}

using Tallies = std::array<Tally, std::size(kinds)>;

void keep_visiting(const Kind& kind, Visitor& visitor, steady_clock::time_point until, Tally& tally) {
  while (steady_clock::now() < until) {
    try {
      kind.visit(visitor);
      ++tally.visits;
    } catch (const Refused&) {
      ++tally.refused;
    } catch (const std::exception& failure) {
      ++tally.failed;
      if (kind.must_succeed) std::osyncstream(std::cerr) << visitor.name << ": " << failure.what() << "\n";
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

double median_memory(const std::vector<Sample>& samples, double from, double to) {
  std::vector<double> values;
  for (auto i = static_cast<std::size_t>(from * static_cast<double>(samples.size()));
       i < static_cast<std::size_t>(to * static_cast<double>(samples.size())); ++i)
    values.push_back(samples[i].memory);
  return base::median(std::move(values));
}

std::vector<Sample> soak(const ChildProcess& service, std::vector<Regular>& regulars, double seconds,
                         Tallies& tallies) {
  const auto until = steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(
                                               std::chrono::duration<double>(seconds));
  std::vector<std::jthread> threads;
  for (auto& [kind, visitor] : regulars) {
    threads.emplace_back(keep_visiting, std::cref(kinds[kind]), std::ref(visitor), until,
                         std::ref(tallies[kind]));
  }
  std::vector<Sample> samples;
  while (steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    samples.push_back(sample_of(service));
  }
  return samples;
}

// Full for the second quarter of a life: what that leaves behind would show in its second half.
void fill_for_a_while(const SmallDisk& disk, double seconds) {
  const std::chrono::duration<double> quarter(seconds / 4);
  std::this_thread::sleep_for(quarter);
  disk.fill();
  std::this_thread::sleep_for(quarter);
  disk.make_room();
}

// What it needs for itself: those of the visits that have just ended go within a moment.
std::size_t fewest_descriptors(const ChildProcess& service) {
  std::size_t fewest = sample_of(service).descriptors;
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    fewest = std::min(fewest, sample_of(service).descriptors);
  }
  return fewest;
}

// The descriptors when nobody is there any more; waits for the last to go.
std::size_t settled_descriptors(const ChildProcess& service, std::size_t at_start) {
  for (int i = 0; i < 120 && sample_of(service).descriptors > at_start; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  return sample_of(service).descriptors;
}

// For whoever looks for the leak.
void show_descriptors(pid_t pid) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd", gone))
    std::cerr << "open: " << std::filesystem::read_symlink(entry.path(), gone).string() << "\n";
}

void fetch_all_left(std::vector<Regular>& regulars, const ChildProcess& service, Tallies& tallies) {
  for (auto& [kind, visitor] : regulars) {
    visitor.port = service.port();
    try {
      fetch_left(visitor);
    } catch (const std::exception& failure) {
      ++tallies[kind].failed;
      std::cerr << "what was left: " << failure.what() << "\n";
    }
  }
}

// One life of the service; whether its memory and descriptors are flat. usual: the descriptors of the first
// life when it began, 0 in the first: what is found at the start of another must be gone at its end. small:
// the disk that is full for a while; null: none.
bool live(const ChildProcess& service, const std::vector<std::string>& pictures, double minutes,
          std::vector<Regular>& regulars, Tallies& tallies, std::size_t& usual, const SmallDisk* small) {
  fetch_all_left(regulars, service, tallies);
  warm_up(service, pictures);
  const Sample start = sample_of(service);
  if (usual == 0) usual = fewest_descriptors(service);
  std::jthread filling;
  if (small) filling = std::jthread([&] { fill_for_a_while(*small, minutes * 60); });
  const auto samples = soak(service, regulars, minutes * 60, tallies);
  const std::size_t descriptors = settled_descriptors(service, usual);
  if (descriptors > usual) show_descriptors(service.pid());
  const double middle = median_memory(samples, 0.5, 0.75);
  const double end = median_memory(samples, 0.75, 1);
  const bool flat = end <= middle * 1.05 + 8 && descriptors <= usual;
  std::cout << "{\"disk\":\"" << (small ? "full for a while" : "usual") << "\",\"minutes\":" << minutes
            << ",\"memory_start_mb\":" << start.memory << ",\"memory_third_quarter_mb\":" << middle
            << ",\"memory_last_quarter_mb\":" << end << ",\"descriptors_start\":" << start.descriptors
            << ",\"descriptors_end\":" << descriptors << ",\"flat\":" << (flat ? "true" : "false") << "}\n";
  return flat;
}

ChildProcess start(const std::filesystem::path& program, const std::filesystem::path& output,
                   std::vector<std::string> environment) {
  for (const char* more : {"REFEREE_LOG_LEVEL=ERROR", "REFEREE_WORKERS=1", "REFEREE_MIN_FREE_DISK_MB=64",
                           "REFEREE_STREAMING_SESSION_TIMEOUT=5", "REFEREE_FSYNC=frame"})
    environment.emplace_back(more);
  environment.push_back("REFEREE_OUTPUT_DIR=" + output.string());
  return ChildProcess::service(program, environment);
}

int run(const std::filesystem::path& program, double minutes) {
  const ScratchDirectory scratch(std::filesystem::temp_directory_path());
  PowerCut power(PISTE_POWER_SHIM, scratch.path() / "output");
  const SmallDisk small(scratch.path() / "small", 512);
  const auto pictures = make_pictures();
  auto regulars = make_regulars(pictures);
  Tallies tallies;
  std::minstd_rand random(1);
  bool succeeded = true;
  if (small.mounted()) {
    const ChildProcess service = start(program, small.path() / "output", {});
    std::size_t usual = 0;
    succeeded = live(service, pictures, std::min(minutes / lives, most_on_small_disk), regulars, tallies,
                     usual, &small);
    fetch_all_left(regulars, service, tallies);
  } else {
    std::cout << "the disk is never full: no small one can be mounted here\n";
  }
  std::size_t usual = 0;  // one more than on the small disk: what is synced is written down
  for (int life = 0; life < lives; ++life) {
    ChildProcess service = start(program, scratch.path() / "output", power.environment());
    succeeded = live(service, pictures, minutes / lives, regulars, tallies, usual, nullptr) && succeeded;
    service.kill();
    if (life == 1) power.cut(random);
  }
  std::cout << (succeeded ? "memory and descriptors are flat\n" : "NOT FLAT\n");
  for (std::size_t i = 0; i < std::size(kinds); ++i) {
    if (kinds[i].must_succeed && tallies[i].failed > 0) succeeded = false;
    std::cout << "{\"clients\":\"" << kinds[i].name << "\",\"visits\":" << tallies[i].visits
              << ",\"refused\":" << tallies[i].refused << ",\"failed\":" << tallies[i].failed << "}\n";
  }
  return succeeded ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Mixed load: memory and descriptors must be flat at the end", "bench_soak");
  double minutes = 1;
  std::filesystem::path program = std::filesystem::path(argv[0]).parent_path() / "referee_service";
  app.add_option("--minutes", minutes,
                 "how long, in three lives of the service, after one on a disk that fills")
      ->check(CLI::Range(0.15, 1440.0));
  app.add_option("--service", program, "the program to load");
  return run_program(app, argc, argv, [&] { return run(program, minutes); });
}
