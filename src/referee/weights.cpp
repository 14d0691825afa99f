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
    const bool named = words[0] == "feature" || words[0] == "both";
    for (std::size_t i = named ? 2 : 1; i < words.size(); ++i)
      if (!read_number(words[i])) return false;
    return named ? words.size() > 2 && take_feature(words[0], feature_named(words[1])) : take(words[0]);
  }
  // A network that breaks off would be asked for what it has not.
  bool complete() const { return !network_ || read_whole_; }
  Weights take_all() { return std::move(out_); }

 private:
  bool read_number(std::string_view word) {
    const auto value = base::number_in<double>(word);
    if (value) numbers_.push_back(*value);
    return value.has_value();
  }

  bool take(std::string_view word) {
    if (word == "network") return begin_network();
    if (word == "layer") return take_layer();
    if (word == "left") return take_left();
    if (word == "places" || word == "displacements") {
      current_ = word == "places" ? &out_.places : &out_.displacements;
      return numbers_.empty();
    }
    if (numbers_.size() != 1) return false;
    if (word == "simultaneous") return out_.simultaneous = Simultaneous{numbers_[0], {}, {}}, true;
    if (word != "pattern" || !current_) return false;
    current_->pattern = numbers_[0];
    return true;
  }

  bool take_feature(std::string_view word, std::optional<std::size_t> index) {
    if (!index || numbers_.size() != (word == "feature" ? 1U : 2U)) return false;
    if (word == "feature" ? !current_ : !out_.simultaneous) return false;
    if (word == "feature") {
      current_->towards[*index] = numbers_[0];
    } else {
      out_.simultaneous->apart[*index] = numbers_[0];
      out_.simultaneous->together[*index] = numbers_[1];
    }
    return true;
  }

  bool begin_network() {
    if (!numbers_.empty() || !complete()) return false;
    network_ = &out_.networks.emplace_back();
    layer_ = 0;
    read_whole_ = false;
    return true;
  }

  bool take_layer() {
    if (!network_ || layer_ == kLayers || numbers_.size() != weights_of_layer(layer_) + kWidth) return false;
    const auto biases = numbers_.end() - static_cast<std::ptrdiff_t>(kWidth);
    network_->weights[layer_].assign(numbers_.begin(), biases);
    std::copy(biases, numbers_.end(), network_->biases[layer_].begin());
    ++layer_;
    return true;
  }

  bool take_left() {
    if (!network_ || layer_ != kLayers || read_whole_ || numbers_.size() != kFound) return false;
    std::copy(numbers_.begin(), numbers_.end(), network_->left.begin());
    return read_whole_ = true;
  }

  Weights out_;
  InputWeights* current_ = nullptr;
  Network* network_ = nullptr;  // the one that is being read
  std::size_t layer_ = 0;
  bool read_whole_ = false;
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
  if (!reader.complete())
    return base::Error<WeightsError>{WeightsError::malformed, "the last network of the weights breaks off"};
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
