#include "server/links.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <fstream>
#include <span>
#include <stdexcept>

#include "base/hex.h"
#include "base/log.h"
#include "base/number.h"

namespace piste::server {
namespace {

constexpr char separator = '~';  // in no token's name
constexpr std::size_t mac_digits = 64;

bool read_key(const std::filesystem::path& file, std::array<unsigned char, 32>& key) {
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(key.data()), key.size());
  return in.gcount() == static_cast<std::streamsize>(key.size());
}

bool write_key(const std::filesystem::path& file, const std::array<unsigned char, 32>& key) {
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (out < 0) return false;
  const bool written = ::write(out, key.data(), key.size()) == static_cast<ssize_t>(key.size());
  const bool known = ::fsync(out) == 0;
  ::close(out);
  return written && known;
}

}  // namespace

// Another service on the same folder may have made it in between: then it is read.
Links::Links(const std::filesystem::path& key_file) {
  if (read_key(key_file, key_)) return;
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1)
    throw std::runtime_error("the system gives no random numbers");
  const auto made = key_;
  if (write_key(key_file, key_) || read_key(key_file, key_)) return;
  key_ = made;
  base::log::warning("", "the key for links cannot be stored: they end with this process");
}

std::string Links::mac(const session::SessionKey& key, std::int64_t expires) const {
  const std::string text = std::to_string(expires) + separator + key.owner + separator + key.id;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size);
  return base::hex(std::span(bytes).first(size));
}

std::string Links::sign(const session::SessionKey& key, std::int64_t expires) const {
  return std::to_string(expires) + separator + key.owner + separator + mac(key, expires);
}

std::optional<std::string> Links::owner(std::string_view signature, const std::string& id,
                                        std::int64_t now) const {
  const std::size_t first = signature.find(separator), last = signature.rfind(separator);
  if (first == last) return std::nullopt;
  const std::string_view given = signature.substr(last + 1);
  const auto expires = base::number_in<std::int64_t>(signature.substr(0, first));
  if (!expires || given.size() != mac_digits) return std::nullopt;
  const session::SessionKey key{std::string(signature.substr(first + 1, last - first - 1)), id};
  const std::string right = mac(key, *expires);
  if (CRYPTO_memcmp(right.data(), given.data(), mac_digits) != 0 || *expires <= now) return std::nullopt;
  return key.owner;
}

}  // namespace piste::server
