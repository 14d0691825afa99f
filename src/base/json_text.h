// JSON as people and simple parsers know it: 0.5, where Boost.JSON's own serialisation writes 5E-1.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace piste::base {

std::string json_number(double value);  // shortest form that reads back the same; null unless finite

// Compact, in the order of the value's fields.
std::string json_text(const boost::json::value& value);

}  // namespace piste::base
