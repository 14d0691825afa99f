#include "session/phrase_directory.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <random>
#include <system_error>

namespace piste::session {
namespace {

// UTC to the second, so that people find a phrase, and 64 random bits, so that no two are alike.
std::string fresh_name() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 20> time{};
  std::strftime(time.data(), time.size(), "%Y%m%dT%H%M%SZ", &utc);
  std::random_device random;
  std::array<char, 48> name{};
  std::snprintf(name.data(), name.size(), "%s-%08x%08x", time.data(), static_cast<std::uint32_t>(random()),
                static_cast<std::uint32_t>(random()));
  return name.data();
}

}  // namespace

std::optional<PhraseDirectory> PhraseDirectory::create(const std::filesystem::path& parent) {
  auto path = parent / fresh_name();
  std::error_code failure;
  if (!std::filesystem::create_directory(path, failure)) return std::nullopt;
  return PhraseDirectory(std::move(path));
}

bool PhraseDirectory::is_name(std::string_view name) {
  constexpr std::string_view pattern = "00000000T000000Z-xxxxxxxxxxxxxxxx";
  return name.size() == pattern.size() &&
         std::equal(name.begin(), name.end(), pattern.begin(), [](char c, char expected) {
           if (expected == '0') return c >= '0' && c <= '9';
           if (expected == 'x') return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           return c == expected;
         });
}

PhraseDirectory::~PhraseDirectory() {
  if (path_.empty() || kept_) return;
  std::error_code ignored;  // there is nobody left to tell; what stays is in the output folder for all to see
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace piste::session
