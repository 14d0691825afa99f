// Where the files go: a bucket that is spoken to as S3 is, and who may use it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "store/error.h"

namespace piste::store {

struct Place {
  bool tls = true;
  std::string host;  // without brackets
  std::string port;
  std::string path;  // "" or "/bucket/prefix", decoded; keys come behind it
  std::string region;
  // Never shown, never logged.
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // of keys that hold for a time; else empty

  // As in the Host field: with brackets around IPv6, without the usual port.
  std::string host_field() const;
};

// url: https://HOST[:PORT]/BUCKET[/PREFIX], or https://BUCKET.HOST[/PREFIX]. keys: a file as the programs of
// AWS have it, whose first aws_access_key_id, aws_secret_access_key and aws_session_token count.
Result<Place> read_place(std::string_view url, std::string region, const std::filesystem::path& keys);

}  // namespace piste::store
