#include "server/access.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <ctime>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "server/base64.h"
#include "server/target.h"

namespace piste::server {
namespace {

// What follows the scheme's name and blanks; nullopt where the header is of another scheme.
std::optional<std::string_view> credentials(std::string_view header, std::string_view scheme) {
  if (!beast::iequals(header.substr(0, scheme.size()), scheme)) return std::nullopt;
  header.remove_prefix(scheme.size());
  if (!header.empty() && header.front() != ' ') return std::nullopt;
  return header.substr(std::min(header.find_first_not_of(' '), header.size()));
}

// Of "user:password"; some clients give a token as the user, and no password.
std::string password_of(std::string_view encoded) {
  const auto both = base64_decoded(encoded);
  if (!both) return {};
  const std::size_t colon = both->find(':');
  if (colon == both->npos) return {};
  std::string password = both->substr(colon + 1);
  return password.empty() ? both->substr(0, colon) : password;
}

}  // namespace

std::vector<std::string> presented_tokens(const Request& request, std::string_view query,
                                          bool password_counts) {
  const std::string_view header = request[http::field::authorization];
  if (const auto token = credentials(header, "Bearer")) return {std::string(*token)};
  std::vector<std::string> tokens{token_in(query)};
  const auto user_and_password = credentials(header, "Basic");
  if (user_and_password && password_counts) tokens.push_back(password_of(*user_and_password));
  return tokens;
}

Result<base::Done> Access::load() {
  if (file_.empty()) return base::Done{};
  std::ifstream file(file_, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string name = "REFEREE_AUTH_TOKENS_FILE: " + base::escaped(file_.string());
  if (!file) return Error{ErrorCode::tokens, name + " cannot be read"};
  auto list = TokenList::parse(text);
  if (!list) return Error{list.error().code, name + ": " + list.error().message};
  auto shared = std::make_shared<const TokenList>(std::move(*list));
  const base::Lock lock(mutex_);
  tokens_ = std::move(shared);
  return base::Done{};
}

std::shared_ptr<const TokenList> Access::tokens() const {
  const base::Lock lock(mutex_);
  return tokens_;
}

std::optional<Grant> Access::grant(std::string_view token, std::string address) const {
  if (!asks_for_tokens()) return Grant{{.owner = {}, .address = std::move(address)}, std::nullopt};
  const TokenHash hash = hash_of(token);
  auto found = find(hash);
  if (!found) return std::nullopt;
  if (!tokens()->find(hash)) devices_.saw(hash, std::time(nullptr));
  return Grant{{std::move(found->name), std::move(address), found->max_sessions}, hash, found->role};
}

// A device is let in as long as there is a token that might pair it, and has no more sessions than that.
std::optional<Token> Access::find(const TokenHash& hash) const {
  const auto list = tokens();
  if (const Token* listed = list->find(hash)) return *listed;
  auto paired = devices_.find(hash);
  const Token* owner = paired ? list->owner(paired->name) : nullptr;
  if (!owner) return std::nullopt;
  paired->max_sessions = owner->max_sessions;
  return paired;
}

bool Access::holds(const Grant& grant) const {
  if (!grant.hash) return true;
  const auto now = find(*grant.hash);
  return now && now->role == grant.role;
}

bool Access::knows(const std::string& name) const {
  return !asks_for_tokens() || tokens()->has(name);
}

}  // namespace piste::server
