// What is said to people: in English, and as a code with its parameters, by which others say it in another
// language (docs/protocol.md, Sentences). What has no code is said in English alone.
#pragma once

#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "types/side.h"

namespace piste::types {

struct Sentence {
  using Times = std::vector<std::pair<double, double>>;    // s, from and to
  using Value = std::variant<double, std::string, Times>;  // a side is "left" or "right"
  std::string code;
  std::vector<std::pair<std::string, Value>> params;
};

// One sentence, or several; stands for its text where a text is wanted.
struct Said {
  Said() = default;
  Said(std::string english) : text(std::move(english)) {}
  Said(const char* english) : text(english) {}

  bool empty() const { return text.empty(); }
  operator const std::string&() const { return text; }
  bool operator==(std::string_view english) const { return text == english; }
  friend std::ostream& operator<<(std::ostream& out, const Said& said) { return out << said.text; }

  std::string text;
  std::vector<Sentence> sentences;  // in order; fewer than the text has where some have no code
};

struct Param {
  Param(std::string_view called, double number) : name(called), value(number) {}
  Param(std::string_view called, Side side) : name(called), value(std::string(to_string(side))) {}
  Param(std::string_view called, std::string word) : name(called), value(std::move(word)) {}
  Param(std::string_view called, Sentence::Times times) : name(called), value(std::move(times)) {}

  std::string name;
  Sentence::Value value;
};

// By the table of sentences, which must have the code and each name.
Said said(std::string_view code, std::initializer_list<Param> params = {});

// "one; other"; what is empty is left out.
Said joined(const Said& one, const Said& other);
// "one: other", where the first is what the second is about.
Said about(const Said& one, const Said& other);
Said capitalised(Said said);
Said uncapitalised(Said said);

}  // namespace piste::types
