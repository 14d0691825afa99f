#include "server/tokens.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/hex.h"
#include "base/number.h"
#include "session/secret.h"

namespace piste::server {
namespace {

constexpr std::string_view hash_prefix = "sha256:";
constexpr std::size_t most_sessions = 10'000;
constexpr std::size_t token_bytes = 32;

std::optional<TokenHash> parse_hash(std::string_view text) {
  if (!text.starts_with(hash_prefix)) return std::nullopt;
  text.remove_prefix(hash_prefix.size());
  TokenHash hash{};
  if (text.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const char* first = text.data() + 2 * i;
    const auto [end, failed] = std::from_chars(first, first + 2, hash[i], 16);
    if (failed != std::errc() || end != first + 2) return std::nullopt;
  }
  return hash;
}

std::optional<std::size_t> parse_sessions(std::string_view text) {
  const auto count = base::number_in<std::size_t>(text);
  return count && *count >= 1 && *count <= most_sessions ? count : std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(blanks); at != line.npos;) {
    const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(blanks, end);
  }
  return words;
}

// What would be right, where the line is wrong.
base::Result<Token, std::string_view> parse_line(const std::vector<std::string_view>& words) {
  using Wrong = base::Error<std::string_view>;
  if (words.size() < 2 || words.size() > 4) return Wrong{"a line is NAME sha256:HASH [SESSIONS] [ROLE]", {}};
  if (!is_token_name(words[0])) return Wrong{"a name has 1 to 64 of A-Z a-z 0-9 . _ -", {}};
  const auto hash = parse_hash(words[1]);
  if (!hash) return Wrong{"the second word is sha256: and 64 hexadecimal digits", {}};
  Token token{std::string(words[0]), *hash};
  auto word = words.begin() + 2;
  if (const auto sessions = word != words.end() ? parse_sessions(*word) : std::nullopt) {
    token.max_sessions = *sessions;
    ++word;
  }
  if (const auto role = word != words.end() ? role_in(*word) : std::nullopt) {
    token.role = *role;
    ++word;
  }
  if (word == words.end()) return token;
  return Wrong{
      "behind the hash come the number of sessions, from 1 to 10000, and the role: camera, viewer, referee "
      "or "
      "owner; each may be missing",
      {}};
}

}  // namespace

TokenHash hash_of(std::string_view token) {
  return session::sha256(token);
}

std::string make_token() {
  return "piste_" + session::make_secret<token_bytes>();
}

bool is_token_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::string token_line(const Token& token) {
  std::string line = token.name + " ";
  line.append(hash_prefix).append(base::hex(token.hash));
  if (token.max_sessions > 0) line += " " + std::to_string(token.max_sessions);
  if (token.role != Role::owner) line.append(" ").append(to_string(token.role));
  return line;
}

Result<TokenList> TokenList::parse(std::string_view text) {
  TokenList list;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.empty() || words[0].starts_with('#')) continue;
    auto token = parse_line(words);
    if (!token) {
      std::string message = "line ";
      message.append(std::to_string(number)).append(" of the file of tokens is not right: ");
      return Error{ErrorCode::tokens, message.append(token.error().code)};
    }
    list.tokens_.push_back(std::move(*token));
  }
  return list;
}

bool TokenList::has(const std::string& name) const {
  return std::ranges::any_of(tokens_, [&](const Token& token) { return token.name == name; });
}

const Token* TokenList::owner(const std::string& name) const {
  const auto found = std::ranges::find_if(
      tokens_, [&](const Token& token) { return token.name == name && token.role == Role::owner; });
  return found == tokens_.end() ? nullptr : &*found;
}

const Token* TokenList::find(const TokenHash& hash) const {
  const Token* found = nullptr;
  for (const Token& token : tokens_) {
    if (CRYPTO_memcmp(token.hash.data(), hash.data(), hash.size()) == 0) found = &token;
  }
  return found;
}

}  // namespace piste::server
