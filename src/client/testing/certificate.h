// A self-signed certificate for tests, made on the spot.
#pragma once

#include <filesystem>
#include <string>

namespace piste::client::testing {

struct Certificate {
  // address: the IP address that it is for. Writes two files into the directory.
  Certificate(const std::filesystem::path& directory, const std::string& address);

  std::filesystem::path chain;
  std::filesystem::path key;
};

}  // namespace piste::client::testing
