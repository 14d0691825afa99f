#include "session/resume_token.h"

#include <openssl/crypto.h>

#include "session/secret.h"

namespace piste::session {

std::string make_resume_token() {
  return make_secret<16>();
}

std::string resume_hash(std::string_view token) {
  return base::hex(sha256(token));
}

bool matches(std::string_view token, std::string_view hash) {
  const std::string own = resume_hash(token);
  return own.size() == hash.size() && CRYPTO_memcmp(own.data(), hash.data(), own.size()) == 0;
}

}  // namespace piste::session
