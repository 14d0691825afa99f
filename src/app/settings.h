// The settings of a program: each is an environment variable and a flag; flags win. One table of them drives
// the reading, the checks, --help and --print-config.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
}

namespace piste::app {

// What a program ends with when it does not start: print: text for stdout, code 0; usage: text for stderr,
// code 2.
enum class Exit { print, usage };

// An environment variable's value; nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& variable)>;
Environment process_environment();

struct SettingName {
  std::string variable;  // REFEREE_PORT
  std::string flag;      // --port
  std::string unit;      // MB, seconds, ... ; empty: none
  std::string meaning;   // for --help
  bool secret = false;   // no message repeats what was given
};

class Settings {
 public:
  // Adds a setting. The value is given to `set` when it was read and is right; initial: what holds without
  // it.
  void whole(SettingName name, std::int64_t initial, std::int64_t lowest, std::int64_t highest,
             std::function<void(std::int64_t)> set);
  void number(SettingName name, double initial, double lowest, double highest,
              std::function<void(double)> set);
  void truth(SettingName name, bool initial, std::function<void(bool)> set);
  void choice(SettingName name, const std::string& initial, std::vector<std::string> choices,
              std::function<void(const std::string&)> set);  // in any case; given to set as in choices
  void text(SettingName name, const std::string& initial, std::function<void(const std::string&)> set);
  // Text of a form: set says whether it has it; right: the form, for people.
  void form(SettingName name, const std::string& initial, std::string right,
            std::function<bool(const std::string&)> set);

  // The flags, for the parser. The settings must outlive it.
  void add_flags(CLI::App& app);
  // After the parser has run: reads all. An error names the variable or flag, what was wrong and what would
  // be right.
  base::Result<base::Done, Exit> read(const Environment& environment);
  // For a setting that was not given and follows from others: what print() shows.
  void conclude(const std::string& variable, const std::string& value);
  // NAME=value lines.
  std::string print() const;

 private:
  struct Row {
    SettingName name;
    std::string value;  // in effect
    // What would be right, where the text is wrong.
    std::function<std::optional<std::string>(const std::string&)> read;
    std::optional<std::string> from_flag;
  };
  static std::optional<std::string> problem(const Row& row, std::string_view source, const std::string& text);

  std::deque<Row> rows_;  // addresses stay: the parser writes to from_flag
};

}  // namespace piste::app
