#include "server/access.h"

#include <boost/beast/core/string.hpp>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "server/target.h"

namespace piste::server {
namespace {

constexpr std::string_view scheme = "Bearer ";

}  // namespace

std::string presented_token(const Request& request, std::string_view query) {
  const std::string_view header = request[http::field::authorization];
  if (beast::iequals(header.substr(0, scheme.size()), scheme)) {
    const std::size_t first = header.find_first_not_of(' ', scheme.size());
    return first == header.npos ? std::string() : std::string(header.substr(first));
  }
  return token_in(query);
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
  const std::scoped_lock lock(mutex_);
  tokens_ = std::move(shared);
  return base::Done{};
}

std::shared_ptr<const TokenList> Access::tokens() const {
  const std::scoped_lock lock(mutex_);
  return tokens_;
}

std::optional<Grant> Access::grant(std::string_view token, std::string address) const {
  if (!asks_for_tokens()) return Grant{{.owner = {}, .address = std::move(address)}, std::nullopt};
  const auto list = tokens();
  const TokenHash hash = hash_of(token);
  const Token* found = list->find(hash);
  if (!found) return std::nullopt;
  return Grant{{found->name, std::move(address), found->max_sessions}, hash};
}

bool Access::holds(const Grant& grant) const {
  return !grant.hash || tokens()->find(*grant.hash);
}

}  // namespace piste::server
