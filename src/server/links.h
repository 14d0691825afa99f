// Links that open one phrase for reading, without a token, until they expire: for <video>, which cannot send
// a header, and for people who have no token. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "session/caller.h"

namespace piste::server {

class Links {
 public:
  // key_file: made where it is missing, readable to the service alone. Where that fails links end with the
  // process.
  explicit Links(const std::filesystem::path& key_file);

  // For "?sig=". expires: seconds since 1970.
  std::string sign(const session::SessionKey& key, std::int64_t expires) const;
  // Whose phrase of this id the signature opens; nothing: none, or not any more.
  std::optional<std::string> owner(std::string_view signature, const std::string& id, std::int64_t now) const;

 private:
  std::string mac(const session::SessionKey& key, std::int64_t expires) const;

  std::array<unsigned char, 32> key_{};
};

}  // namespace piste::server
