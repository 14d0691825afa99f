// referee_learn ROWS.jsonl[.gz]... < PLAN: teaches networks of the referee; part of
// tools/train_referee/train.
//
// PLAN, lines of words:
//   phrase ID PART LABEL    LABEL: left | right, or ask: never taught. Phrases that are not named are left
//   out. network SEED [PART]...  one that learns from the other parts
// Standard output, for each network: its lines of the weights (referee/weights.h), then "answer ID LEFT" for
// each phrase that it was not taught, and an empty line.
#include <cstdio>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "rows/line_file.h"
#include "scoring/log.h"
#include "teaching.h"

namespace {

using namespace piste;

struct Named {
  int part = 0;
  std::string label;
};

struct Order {
  unsigned seed = 0;
  std::set<int> without;
};

struct Plan {
  std::map<std::string, Named> phrases;
  std::vector<Order> networks;
};

Plan read_plan(std::istream& in) {
  Plan plan;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string kind, id;
    words >> kind;
    if (kind == "phrase") {
      words >> id;
      Named& named = plan.phrases[id];
      words >> named.part >> named.label;
    } else {
      Order& order = plan.networks.emplace_back();
      words >> order.seed;
      for (int part; words >> part;) order.without.insert(part);
    }
  }
  return plan;
}

// Nothing where not both lamps lit.
std::optional<double> touch_of(const rows::Row& row) {
  if (row.touch_time) return row.touch_time;
  const auto log = scoring::parse_log(row.signal);
  if (!log || log->phrase.touches.size() < 2) return std::nullopt;
  return log->phrase.touches.front().time;
}

void read_phrases(const char* path, const Plan& plan, std::vector<learn::Phrase>& out) {
  auto file = rows::LineFile::open(path);
  if (!file) throw std::runtime_error(file.error().message);
  while (true) {
    const auto line = file->next();
    if (!line) throw std::runtime_error(line.error().message);
    if (!line->has_value()) return;
    const auto row = rows::parse_row(**line);
    if (!row) throw std::runtime_error(row.error().message);
    const auto named = plan.phrases.find(row->id);
    const auto touch = touch_of(row.value());
    if (named == plan.phrases.end() || !touch) continue;
    auto motion = referee::measure(row->tracks, *touch);
    if (motion.empty()) continue;
    const bool labelled = named->second.label != "ask";
    out.push_back({row->id, std::move(motion), named->second.part,
                   named->second.label == "left" ? 1.0F : 0.0F, labelled});
  }
}

template <class Numbers>
void print(const Numbers& numbers) {
  for (const float value : numbers) std::printf(" %.3g", double{value});
}

void print(const referee::Network& network) {
  std::printf("network\n");
  for (std::size_t layer = 0; layer < referee::kLayers; ++layer) {
    std::printf("layer");
    print(network.weights[layer]);
    print(network.biases[layer]);
    std::printf("\n");
  }
  std::printf("left");
  print(network.left);
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) try {
  const Plan plan = read_plan(std::cin);
  std::vector<learn::Phrase> phrases;
  for (int i = 1; i < argc; ++i) read_phrases(argv[i], plan, phrases);
  for (const Order& order : plan.networks) {
    std::vector<const learn::Phrase*> taught, asked;
    for (const learn::Phrase& phrase : phrases)
      (phrase.labelled && !order.without.contains(phrase.part) ? taught : asked).push_back(&phrase);
    const referee::Network network = learn::teach(taught, order.seed);
    print(network);
    for (const learn::Phrase* phrase : asked)
      std::printf("answer %s %.5f\n", phrase->id.c_str(), referee::ask(network, learn::courses_of(*phrase)));
    std::printf("\n");
    std::fflush(stdout);
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "referee_learn: %s\n", error.what());
  return 1;
}
