// Reads the fields of a message one by one and keeps the first problem found.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/marks.h"

namespace piste::protocol {

class Fields {
 public:
  explicit Fields(const boost::json::object& object) : object_(object) {}

  // A field that is absent or null is nothing; one of another type is nothing and a problem.
  std::optional<std::string> text(std::string_view name);
  std::optional<bool> flag(std::string_view name);
  std::optional<double> number(std::string_view name);
  std::optional<std::vector<types::Spot>> spots(std::string_view name);  // [[x, y], ...]
  // A number without a fraction within [low, high].
  std::optional<std::int64_t> whole(std::string_view name, std::int64_t low, std::int64_t high);

  // As whole(), of a field that is a mere hint: what is no such number is nothing, and no problem.
  std::optional<std::int64_t> hint(std::string_view name, std::int64_t low, std::int64_t high) const;

  // Likewise, of a number.
  std::optional<double> finite(std::string_view name) const;
  // Nothing, and a problem, where there is none.
  const boost::json::array* list(std::string_view name);

  // As above, where absence is a problem too.
  double required_number(std::string_view name);
  std::int64_t required_whole(std::string_view name, std::int64_t low, std::int64_t high);

  // The JSON text of a string or number; empty for anything else.
  std::string echo(std::string_view name) const;

  void complain(std::string problem);
  bool sound() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }

 private:
  const boost::json::value* find(std::string_view name) const;

  const boost::json::object& object_;
  std::string problem_;
};

}  // namespace piste::protocol
