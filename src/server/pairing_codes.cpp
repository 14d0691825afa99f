#include "server/pairing_codes.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace piste::server {
namespace {

// 40 random bits. Nothing that is taken for another: no 0 and O, no 1 and I.
constexpr std::string_view letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::size_t length = 8;
static_assert(letters.size() == 32);

std::string make_code() {
  std::array<unsigned char, length> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("the system has no random numbers");
  std::string code;
  for (const unsigned char byte : bytes) code.push_back(letters[byte % letters.size()]);
  return code;
}

std::string plain(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    code.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return code;
}

}  // namespace

std::string PairingCodes::offer(Offer offer, TimePoint expires) {
  std::string code = make_code();
  std::string shown = code.substr(0, length / 2) + "-" + code.substr(length / 2);
  const base::Lock lock(mutex_);
  const auto same = [&](const Open& open) { return open.offer.name == offer.name; };
  if (std::ranges::count_if(open_, same) >= static_cast<std::ptrdiff_t>(most_open))
    open_.erase(std::ranges::find_if(open_, same));
  open_.push_back({std::move(code), std::move(offer), expires});
  return shown;
}

std::optional<PairingCodes::Offer> PairingCodes::claim(std::string_view typed, TimePoint now) {
  const std::string code = plain(typed);
  const base::Lock lock(mutex_);
  std::erase_if(open_, [&](const Open& open) { return open.expires <= now; });
  const auto found = std::ranges::find(open_, code, &Open::code);
  if (found == open_.end()) return std::nullopt;
  Offer offer = std::move(found->offer);
  open_.erase(found);
  return offer;
}

}  // namespace piste::server
