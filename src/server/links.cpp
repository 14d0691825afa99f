#include "server/links.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <span>
#include <stdexcept>

#include "base/file_text.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/number.h"
#include "base/stored_file.h"

namespace piste::server {
namespace {

constexpr char separator = '~';  // in no token's name and no folder's
constexpr std::size_t mac_digits = 64;

bool read_key(const std::filesystem::path& file, Links::Key& key) {
  const auto bytes = base::file_text(file);
  if (!bytes || bytes->size() != key.size()) return false;
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return true;
}

// Another service on the same folder may make one at the same time: the first counts. What is no key is one
// that was cut short.
bool store_key(const std::filesystem::path& file, Links::Key& key) {
  const std::string bytes(key.begin(), key.end());
  if (base::store_new_file(file, bytes) || read_key(file, key)) return true;
  return base::store_file(file, bytes);
}

}  // namespace

Links::Links(const std::filesystem::path& key_file) {
  if (read_key(key_file, key_)) return;
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1)
    throw std::runtime_error("the system gives no random numbers");
  if (!store_key(key_file, key_))
    base::log::warning("", "the key for links cannot be stored: they end with this process");
}

std::string Links::mac(std::string_view signed_text) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), bytes.data(), &size);
  return base::hex(std::span(bytes).first(size));
}

std::string Links::sign(const Opened& phrase, std::int64_t expires) const {
  const std::string text = std::to_string(expires) + separator + phrase.owner + separator + phrase.folder;
  return text + separator + mac(text);
}

std::optional<Links::Opened> Links::opened(std::string_view signature, std::int64_t now) const {
  const std::size_t last = signature.rfind(separator);
  if (last == signature.npos || signature.size() - last - 1 != mac_digits) return std::nullopt;
  const std::string_view text = signature.substr(0, last);
  if (CRYPTO_memcmp(mac(text).data(), signature.data() + last + 1, mac_digits) != 0) return std::nullopt;
  const std::size_t first = text.find(separator), second = text.rfind(separator);
  const auto expires = base::number_in<std::int64_t>(text.substr(0, first));
  if (first == second || !expires || *expires <= now) return std::nullopt;
  return Opened{std::string(text.substr(first + 1, second - first - 1)),
                std::string(text.substr(second + 1))};
}

}  // namespace piste::server
