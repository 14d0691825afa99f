#include "server/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>

namespace piste::server {
namespace {

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

}  // namespace

std::optional<std::string> base64_decoded(std::string_view text) {
  const std::size_t letters = std::min(text.find('='), text.size());
  const std::size_t padding = text.size() - letters;
  if (text.size() % 4 != 0 || padding > 2 || text.size() > std::numeric_limits<int>::max())
    return std::nullopt;
  if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(letters), is_letter))
    return std::nullopt;
  if (text.substr(letters).find_first_not_of('=') != text.npos) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(length) - padding);  // OpenSSL counts the padding as zeros
  return out;
}

}  // namespace piste::server
