// A client's text message -> its value. Nothing in the text is trusted.
#pragma once

#include <string_view>

#include "base/result.h"
#include "protocol/messages.h"

namespace piste::protocol {

enum class ParseError {
  not_json,  // also: too long, too deep
  format,    // JSON, but no object, or without a known "type"
};

// Numbers are JSON's: 1.0 is 1, true and "1" are no numbers. NaN and Infinity, which some writers put out,
// are read as null. Fields that are not known are ignored.
base::Result<ClientMessage, ParseError> parse(std::string_view text);

}  // namespace piste::protocol
