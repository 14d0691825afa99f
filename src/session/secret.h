// The secrets that the service gives away: random bits, of which it keeps a hash only. They are too many to
// be guessed, so a fast hash without salt is enough.
#pragma once

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/hex.h"

namespace piste::session {

using SecretHash = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

// As hexadecimal digits.
template <std::size_t bytes>
std::string make_secret() {
  std::array<unsigned char, bytes> bits{};
  if (RAND_bytes(bits.data(), static_cast<int>(bits.size())) != 1)
    throw std::runtime_error("the system has no random numbers");
  return base::hex(bits);
}

inline SecretHash sha256(std::string_view secret) {
  SecretHash hash{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), hash.data());
  return hash;
}

}  // namespace piste::session
