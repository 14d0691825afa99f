#include "protocol/json_text.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

#include "base/text.h"

namespace piste::protocol {

std::string json_string(std::string_view value) {
  return boost::json::serialize(
      boost::json::string_view(base::is_utf8(value) ? value : base::escaped(value)));
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view value) {
  if (text_.size() > 1) text_ += ',';
  text_ += '"';
  text_ += name;
  text_ += "\":";
  text_ += value;
  return *this;
}

}  // namespace piste::protocol
