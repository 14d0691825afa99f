#include "types/said.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <stdexcept>

#include "base/text.h"

namespace piste::types {
namespace {

struct Template {
  std::string_view code;
  std::string_view english;
};

constexpr Template sentences[] = {
#include "types/sentences.inc"
};

constexpr std::size_t most_times = 4;  // of a list; what is more is counted

std::string formatted(const char* format, double a, double b = 0) {
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), format, a, b);
  return out.data();
}

char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}
char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// how: "at" or "from".
std::string list_of(const Sentence::Times& times, std::string_view how) {
  std::string out;
  for (std::size_t i = 0; i < std::min(times.size(), most_times); ++i) {
    out += i > 0 ? ", " : "";
    out += how == "at" ? formatted("at %.2f s", times[i].second)
                       : formatted("from %.2f to %.2f s", times[i].first, times[i].second);
  }
  if (times.size() > most_times)
    out += " and " + base::plural(static_cast<std::int64_t>(times.size() - most_times), "time") + " more";
  return out;
}

// how: the decimals of a number, "g", or how a list is told.
std::string text_of(const Sentence::Value& value, std::string_view how) {
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  if (const auto* times = std::get_if<Sentence::Times>(&value)) return list_of(*times, how);
  const double number = std::get<double>(value);
  if (how == "g") return formatted("%.4g", number);
  const std::string format = "%." + std::string(how) + "f";
  return formatted(format.c_str(), number);
}

std::string filled(const Template& pattern, const Sentence& sentence) {
  std::string out;
  std::string_view rest = pattern.english;
  while (!rest.empty()) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    out += rest.substr(0, open);
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const std::size_t close = rest.find('}');
    const std::string_view slot = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    const std::size_t colon = std::min(slot.find(':'), slot.size());
    std::string name(slot.substr(0, colon));
    const bool capital = name.front() != lower(name.front());
    name.front() = lower(name.front());
    const auto param = std::find_if(sentence.params.begin(), sentence.params.end(),
                                    [&](const auto& one) { return one.first == name; });
    if (param == sentence.params.end())
      throw std::logic_error("a sentence without its " + name + ": " + sentence.code);
    std::string text = text_of(param->second, slot.substr(std::min(colon + 1, slot.size())));
    if (capital && !text.empty()) text.front() = upper(text.front());
    out += text;
  }
  return out;
}

Said put_together(const Said& one, const char* between, const Said& other) {
  Said both = one;
  both.text += between + other.text;
  both.sentences.insert(both.sentences.end(), other.sentences.begin(), other.sentences.end());
  return both;
}

}  // namespace

Said said(std::string_view code, std::initializer_list<Param> params) {
  const auto* pattern = std::find_if(std::begin(sentences), std::end(sentences),
                                     [&](const Template& one) { return one.code == code; });
  if (pattern == std::end(sentences)) throw std::logic_error("no such sentence: " + std::string(code));
  Sentence sentence{std::string(code), {}};
  for (const Param& param : params) sentence.params.emplace_back(param.name, param.value);
  Said out(filled(*pattern, sentence));
  out.sentences.push_back(std::move(sentence));
  return out;
}

Said joined(const Said& one, const Said& other) {
  if (one.empty() || other.empty()) return one.empty() ? other : one;
  return put_together(one, "; ", other);
}

Said about(const Said& one, const Said& other) {
  return put_together(one, ": ", uncapitalised(other));
}

Said capitalised(Said said) {
  if (!said.empty()) said.text.front() = upper(said.text.front());
  return said;
}

Said uncapitalised(Said said) {
  if (!said.empty()) said.text.front() = lower(said.text.front());
  return said;
}

}  // namespace piste::types
