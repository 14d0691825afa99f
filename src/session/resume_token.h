// The proof that a session is one's own: given with session_started, asked for with session_resume. Only its
// hash is kept.
#pragma once

#include <string>
#include <string_view>

namespace piste::session {

// 128 random bits as hexadecimal digits.
std::string make_resume_token();
// SHA-256, as hexadecimal digits: a token has so many bits that its hash needs no salt.
std::string resume_hash(std::string_view token);
// Whether the token has this hash; takes as long for a wrong one.
bool matches(std::string_view token, std::string_view hash);

}  // namespace piste::session
