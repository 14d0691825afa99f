// The tokens that open the service, as REFEREE_AUTH_TOKENS_FILE lists them: a line a token,
//
//   NAME sha256:HASH [SESSIONS] [ROLE]
//
// where SESSIONS is how many sessions at a time it may have, and ROLE what it may do (role.h): all, where
// none is said. Empty lines and lines that begin with '#' are passed over. Two lines may have one name: both
// tokens are good then and see the same sessions, as while one is replaced by the other.
//
// The file holds hashes, so nobody gets in who has read it. A token is 256 random bits: it cannot be guessed,
// however fast the guesses are, and so a fast hash is enough. (A password that a person has chosen would
// need a slow one.)
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "server/error.h"
#include "server/role.h"

namespace piste::server {

using TokenHash = std::array<unsigned char, 32>;

struct Token {
  std::string name;
  TokenHash hash{};
  std::size_t max_sessions = 0;  // 0: no limit of its own
  Role role = Role::owner;
};

TokenHash hash_of(std::string_view token);
// A new one, from the system's random numbers.
std::string make_token();
// Whether this can be a token's name: 1 to 64 of A-Z a-z 0-9 . _ -
bool is_token_name(std::string_view name);
// The token's line in the file, without the end of the line.
std::string token_line(const Token& token);

class TokenList {
 public:
  // An error names the line. It never shows what is in it: someone may have put a token there.
  static Result<TokenList> parse(std::string_view text);

  // Null when there is none. Takes the same time wherever in the list it is and however much of a hash
  // is right.
  const Token* find(const TokenHash& hash) const;
  bool has(const std::string& name) const;
  // One of this name that may do all; null when there is none.
  const Token* owner(const std::string& name) const;
  const std::vector<Token>& tokens() const { return tokens_; }

 private:
  std::vector<Token> tokens_;
};

}  // namespace piste::server
