#include "app/settings.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/number.h"

namespace piste::app {
namespace {

std::optional<bool> parse_truth(const std::string& text) {
  const std::string lower = boost::to_lower_copy(text);
  for (const auto* yes : {"true", "1", "yes", "on"}) {
    if (lower == yes) return true;
  }
  for (const auto* no : {"false", "0", "no", "off"}) {
    if (lower == no) return false;
  }
  return std::nullopt;
}

// A number as a person writes it.
std::string plain(double value) {
  char text[32];
  const auto [end, ec] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

std::string range(const std::string& kind, const std::string& lowest, const std::string& highest,
                  const std::string& unit) {
  return kind + " from " + lowest + " to " + highest + (unit.empty() ? "" : " (" + unit + ")");
}

}  // namespace

Environment process_environment() {
  return [](const std::string& variable) -> std::optional<std::string> {
    const char* value = std::getenv(variable.c_str());
    if (!value) return std::nullopt;
    return value;
  };
}

void Settings::whole(SettingName name, std::int64_t initial, std::int64_t lowest, std::int64_t highest,
                     std::function<void(std::int64_t)> set) {
  const std::string right =
      range("a whole number", std::to_string(lowest), std::to_string(highest), name.unit);
  rows_.push_back({std::move(name), std::to_string(initial),
                   [=, set = std::move(set)](const std::string& text) -> std::optional<std::string> {
                     const auto value = base::number_in<std::int64_t>(text);
                     if (!value || *value < lowest || *value > highest) return right;
                     set(*value);
                     return std::nullopt;
                   },
                   std::nullopt});
}

void Settings::number(SettingName name, double initial, double lowest, double highest,
                      std::function<void(double)> set) {
  const std::string right = range("a number", plain(lowest), plain(highest), name.unit);
  rows_.push_back({std::move(name), plain(initial),
                   [=, set = std::move(set)](const std::string& text) -> std::optional<std::string> {
                     const auto value = base::number_in<double>(text);
                     if (!value || !(*value >= lowest && *value <= highest)) return right;
                     set(*value);
                     return std::nullopt;
                   },
                   std::nullopt});
}

void Settings::truth(SettingName name, bool initial, std::function<void(bool)> set) {
  rows_.push_back({std::move(name), initial ? "true" : "false",
                   [set = std::move(set)](const std::string& text) -> std::optional<std::string> {
                     const auto value = parse_truth(text);
                     if (!value) return "true or false";
                     set(*value);
                     return std::nullopt;
                   },
                   std::nullopt});
}

void Settings::choice(SettingName name, const std::string& initial, std::vector<std::string> choices,
                      std::function<void(const std::string&)> set) {
  name.meaning += ": " + boost::join(choices, ", ");
  rows_.push_back({std::move(name), initial,
                   [choices = std::move(choices),
                    set = std::move(set)](const std::string& text) -> std::optional<std::string> {
                     const auto same = [&](const std::string& one) { return boost::iequals(one, text); };
                     const auto found = std::find_if(choices.begin(), choices.end(), same);
                     if (found == choices.end()) return "one of " + boost::join(choices, ", ");
                     set(*found);
                     return std::nullopt;
                   },
                   std::nullopt});
}

void Settings::text(SettingName name, const std::string& initial,
                    std::function<void(const std::string&)> set) {
  rows_.push_back({std::move(name), initial,
                   [set = std::move(set)](const std::string& text) -> std::optional<std::string> {
                     if (text.empty()) return "some text";
                     set(text);
                     return std::nullopt;
                   },
                   std::nullopt});
}

void Settings::form(SettingName name, const std::string& initial, std::string right,
                    std::function<bool(const std::string&)> set) {
  name.meaning += ": " + right;
  rows_.push_back({std::move(name), initial,
                   [right = std::move(right),
                    set = std::move(set)](const std::string& text) -> std::optional<std::string> {
                     if (set(text)) return std::nullopt;
                     return right;
                   },
                   std::nullopt});
}

void Settings::add_flags(CLI::App& app) {
  for (Row& row : rows_) {
    const std::string initial = row.value.empty() ? "" : ", default " + row.value;
    app.add_option(row.name.flag, row.from_flag, row.name.meaning + " [" + row.name.variable + initial + "]")
        ->type_name(row.name.unit.empty() ? "NUMBER" : row.name.unit);
  }
}

base::Result<base::Done, Exit> Settings::read(const Environment& environment) {
  for (Row& row : rows_) {
    // An empty variable is as good as none: that is how container files leave one out.
    auto from_environment = environment(row.name.variable);
    if (from_environment && from_environment->empty()) from_environment.reset();
    const auto& chosen = row.from_flag ? row.from_flag : from_environment;
    if (!chosen) continue;
    const auto wrong = problem(row, row.from_flag ? row.name.flag : row.name.variable, *chosen);
    if (wrong) return base::Error<Exit>{Exit::usage, *wrong};
    row.value = *chosen;
  }
  return base::Done{};
}

std::optional<std::string> Settings::problem(const Row& row, std::string_view source,
                                             const std::string& text) {
  const auto right = row.read(text);
  if (!right) return std::nullopt;
  const std::string shown = row.name.secret ? "what was given" : "'" + text + "'";
  return std::string(source) + ": " + shown + " is not right; give " + *right;
}

void Settings::conclude(const std::string& variable, const std::string& value) {
  for (Row& row : rows_) {
    if (row.name.variable == variable) row.value = value;
  }
}

std::string Settings::print() const {
  std::string out;
  for (const Row& row : rows_) out += row.name.variable + "=" + row.value + "\n";
  return out;
}

}  // namespace piste::app
