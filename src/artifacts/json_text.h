// JSON text as people and old parsers like it. Internal to the module.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace piste::artifacts {

// Boost.JSON's own serialisation writes 0.5 as 5E-1; this writes the shortest usual form.
std::string to_text(const boost::json::value& value);

// Rounded to so many decimals; null unless finite.
boost::json::value rounded(double value, int decimals);

// Text from outside: bytes that are not UTF-8, and control characters, are escaped.
boost::json::string clean(const std::string& text);

}  // namespace piste::artifacts
