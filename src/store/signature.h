// AWS Signature Version 4: who asks, and that nobody has changed what is asked for.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/place.h"

namespace piste::store {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";
  std::string key = {};  // begins with '/'; comes behind the place's path
  Fields query = {};     // decoded
  std::string body = {};
  Fields fields = {};  // of the header, which are not signed
};

// In small hexadecimal digits.
std::string sha256(std::string_view text);

// What is asked for, as it is sent and signed.
std::string target_of(const Place& place, const Request& request);

// The header fields that the signature needs, itself among them; Host is signed as host_field() says.
Fields signature_of(const Place& place, const Request& request, std::chrono::system_clock::time_point now);

}  // namespace piste::store
