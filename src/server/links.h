// Links that open one phrase for reading, without a token, until they expire: for <video>, which cannot send
// a header, and for people who have no token. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace piste::server {

class Links {
 public:
  using Key = std::array<unsigned char, 32>;

  // key_file: made where it is missing, readable to the service alone. Where that fails links end with the
  // process.
  explicit Links(const std::filesystem::path& key_file);

  // A phrase by its folder: its id may be another's later.
  struct Opened {
    std::string owner;
    std::string folder;  // its name
  };

  // For "?sig=". expires: seconds since 1970.
  std::string sign(const Opened& phrase, std::int64_t expires) const;
  // What the signature opens; nothing: it is none, or not good any more.
  std::optional<Opened> opened(std::string_view signature, std::int64_t now) const;

 private:
  std::string mac(std::string_view signed_text) const;

  Key key_{};
};

}  // namespace piste::server
