#include "referee/weights.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/number.h"

namespace piste::referee {
namespace {

// In parts: compilers need not take literals of over 64 KB.
constexpr std::string_view kBuiltIn[] = {
#include "referee/model_weights.inc"
};

using Words = std::vector<std::string_view>;

Words split(std::string_view line) {
  Words out;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \r");
    if (begin == std::string_view::npos) return out;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \r"), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::optional<std::size_t> feature_named(std::string_view name) {
  const auto found =
      std::find_if(features().begin(), features().end(), [&](const Feature& f) { return f.name == name; });
  if (found == features().end()) return std::nullopt;
  return static_cast<std::size_t>(found - features().begin());
}

// Reads one line after another into `out`; false where a line is not as it should be.
class Reader {
 public:
  bool read(std::string_view line) {
    const Words words = split(line);
    if (words.empty() || words[0].front() == '#') return true;
    numbers_.clear();
    const std::size_t first = words[0] == "feature" ? 2 : 1;
    for (std::size_t i = first; i < words.size(); ++i)
      if (!read_number(words[i])) return false;
    return take(words);
  }
  Weights take_all() { return std::move(out_); }

 private:
  bool read_number(std::string_view word) {
    const auto value = base::number_in<double>(word);
    if (value) numbers_.push_back(*value);
    return value.has_value();
  }

  bool take(const Words& words) {
    if (words[0] == "hand") return take_nearness(out_.comparison.hand);
    if (words[0] == "body") return take_nearness(out_.comparison.body);
    if (words[0] == "example") return take_example();
    if (words[0] == "simultaneous") return take_simultaneous();
    if (words[0] == "places" || words[0] == "displacements") {
      current_ = words[0] == "places" ? &out_.places : &out_.displacements;
      return numbers_.empty();
    }
    if (!current_ || numbers_.size() != 1) return false;
    if (words[0] == "feature") return take_feature(words[1]);
    if (words[0] != "pattern") return false;
    current_->pattern = numbers_[0];
    return true;
  }

  bool take_feature(std::string_view name) {
    const auto index = feature_named(name);
    if (index) current_->towards[*index] = numbers_[0];
    return index.has_value();
  }

  bool take_nearness(Waves& nearness) {
    if (numbers_.size() != kWaves) return false;
    std::copy(numbers_.begin(), numbers_.end(), nearness.begin());
    return true;
  }

  bool take_example() {
    if (numbers_.size() != 2 + 2 * kWaves) return false;
    Example example{numbers_[0], numbers_[1], {}};
    auto next = numbers_.begin() + 2;
    for (const types::Side side : types::both_sides)
      for (double& wave : example.fencers[side]) wave = *next++ / 100;
    out_.comparison.examples.push_back(example);
    return true;
  }

  bool take_simultaneous() {
    if (numbers_.size() != 2) return false;
    out_.comparison.constant = numbers_[0];
    out_.comparison.threshold = numbers_[1];
    return true;
  }

  Weights out_;
  InputWeights* current_ = nullptr;
  std::vector<double> numbers_;
};

}  // namespace

base::Result<Weights, WeightsError> parse_weights(std::string_view text) {
  Reader reader;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!reader.read(text.substr(0, end)))
      return base::Error<WeightsError>{WeightsError::malformed,
                                       "line " + std::to_string(number) + " of the weights is malformed"};
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take_all();
}

const Weights& built_in_weights() {
  static const Weights weights = [] {
    std::string text;
    for (const std::string_view part : kBuiltIn) text += part;
    auto parsed = parse_weights(text);
    return parsed ? std::move(parsed).value() : Weights{};
  }();
  return weights;
}

}  // namespace piste::referee
