#include "session/resume_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "base/hex.h"

namespace piste::session {

std::string make_resume_token() {
  std::array<unsigned char, 16> bits{};
  if (RAND_bytes(bits.data(), bits.size()) != 1) throw std::runtime_error("no random numbers");
  return base::hex(bits);
}

std::string resume_hash(std::string_view token) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  if (EVP_Digest(token.data(), token.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("no SHA-256");
  }
  return base::hex(digest);
}

bool matches(std::string_view token, std::string_view hash) {
  const std::string own = resume_hash(token);
  return own.size() == hash.size() && CRYPTO_memcmp(own.data(), hash.data(), own.size()) == 0;
}

}  // namespace piste::session
