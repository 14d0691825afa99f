#include "render/fields.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <sstream>

#include "base/text.h"

namespace piste::render {
namespace {

std::string list(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::string shown(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

}  // namespace

void Problem::report(const std::string& where, const std::string& what) {
  if (!found()) text_ = where.empty() ? what : where + ": " + what;
}

Field::Field(const boost::json::value* value, std::string where, Problem& problem)
    : value_(value), where_(std::move(where)), problem_(&problem) {}

Field Field::operator[](std::string_view key) const {
  const std::string where = where_.empty() ? std::string(key) : where_ + "." + std::string(key);
  if (value_ == nullptr) return {nullptr, where, *problem_};
  const boost::json::object* object = value_->if_object();
  if (object == nullptr) {
    wrong("must be an object");
    return {nullptr, where, *problem_};
  }
  const boost::json::value* member = object->if_contains(key);
  if (member == nullptr) problem_->report(where, "is missing");
  return {member, where, *problem_};
}

bool Field::has(std::string_view key) const {
  return value_ != nullptr && value_->is_object() && value_->get_object().contains(key);
}

void Field::allow_only(std::initializer_list<std::string_view> keys) const {
  if (value_ == nullptr) return;
  if (!value_->is_object()) return wrong("must be an object");
  for (const auto& member : value_->get_object()) {
    const std::string_view key = member.key();
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      wrong("has no setting '" + base::escaped(key) + "' (there are: " + list(keys) + ")");
    }
  }
}

std::vector<Field> Field::items(std::size_t most) const {
  std::vector<Field> result;
  if (value_ == nullptr) return result;
  const boost::json::array* array = value_->if_array();
  if (array == nullptr || array->size() > most) {
    wrong("must be a list of at most " + std::to_string(most) + " entries");
    return result;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    result.emplace_back(&(*array)[i], where_ + "[" + std::to_string(i) + "]", *problem_);
  }
  return result;
}

double Field::number(double low, double high) const {
  if (value_ == nullptr) return low;
  boost::json::error_code failed;
  const double number = value_->to_number<double>(failed);
  if (failed || !(number >= low && number <= high)) {
    wrong("must be a number from " + shown(low) + " to " + shown(high));
    return low;
  }
  return number;
}

double Field::number_or(std::string_view key, double otherwise, double low, double high) const {
  return has(key) ? (*this)[key].number(low, high) : otherwise;
}

bool Field::flag(std::string_view key) const {
  if (!has(key)) return false;
  const Field field = (*this)[key];
  if (!field.value_->is_bool()) field.wrong("must be true or false");
  return field.value_->is_bool() && field.value_->get_bool();
}

std::string Field::text(std::size_t longest) const {
  if (value_ == nullptr) return {};
  const boost::json::string* text = value_->if_string();
  if (text == nullptr || text->empty() || text->size() > longest) {
    wrong("must be a text of 1 to " + std::to_string(longest) + " characters");
    return {};
  }
  return std::string(*text);
}

std::string Field::one_of(std::initializer_list<std::string_view> words) const {
  if (value_ == nullptr) return {};
  const boost::json::string* text = value_->if_string();
  if (text == nullptr || std::find(words.begin(), words.end(), std::string_view(*text)) == words.end()) {
    wrong("must be one of " + list(words));
    return {};
  }
  return std::string(*text);
}

}  // namespace piste::render
