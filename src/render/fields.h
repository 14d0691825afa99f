// Reading JSON that people write: the first thing that is wrong is kept with its place
// ("fencers.left.actions[2].to"), and reading goes on with harmless values, so that a reader is a plain list
// of what it wants.
#pragma once

#include <boost/json/value.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace piste::render {

class Problem {
 public:
  void report(const std::string& where, const std::string& what);
  bool found() const { return !text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// A value and its place. Borrows the document and the problem.
class Field {
 public:
  Field(const boost::json::value* value, std::string where, Problem& problem);

  Field operator[](std::string_view key) const;  // a problem where the key is missing
  bool has(std::string_view key) const;
  void allow_only(
      std::initializer_list<std::string_view> keys) const;  // a key that nobody reads is a typing error

  std::vector<Field> items(std::size_t most) const;
  double number(double low, double high) const;  // low where there is a problem
  double number_or(std::string_view key, double otherwise, double low, double high) const;
  bool flag(std::string_view key) const;  // false where the key is missing
  std::string text(std::size_t longest) const;
  std::string one_of(std::initializer_list<std::string_view> words) const;

  void wrong(const std::string& what) const { problem_->report(where_, what); }

 private:
  const boost::json::value* value_;  // null: was missing, and has been reported
  std::string where_;
  Problem* problem_;
};

}  // namespace piste::render
