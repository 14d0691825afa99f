#include "client/judged_later.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "client/requests.h"

namespace piste::client {
namespace {

// Goes into URLs as it is.
bool is_session(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= 200 && std::ranges::all_of(text, plain);
}

// Nobody comes in by trying again, and what is not there does not come.
Error final_error(const HttpResponse& response) {
  Error error = error_of(response);
  if (response.status == 401 || response.status == 403) error.code = ErrorCode::no_entry;
  if (response.status == 404) error.code = ErrorCode::refused;
  return error;
}

}  // namespace

Result<std::string> send_for_later(const UploadOptions& options) {
  const auto response = post_upload(options, [](std::uint64_t, std::uint64_t) {}, "respond-async");
  if (!response) return response.error();
  if (response->status == 200)
    return Error{ErrorCode::refused,
                 "the server does not judge uploads later: it is older than this program"};
  if (response->status != 202) return final_error(*response);
  boost::system::error_code failed;
  const auto answer = boost::json::parse(response->body, failed);
  const auto* id = !failed && answer.is_object() ? answer.get_object().if_contains("session_id") : nullptr;
  std::string session = id && id->is_string() ? std::string(id->get_string()) : "";
  if (!is_session(session))
    return Error{ErrorCode::refused, "the server does not say whose the result will be"};
  return session;
}

Result<std::optional<std::string>> result_of(const ServerUrl& server, const std::filesystem::path& ca,
                                             const std::string& session) {
  auto response = get(server, ca, "/sessions/" + session + "/result");
  if (!response) return response.error();
  if (response->status == 202) return std::optional<std::string>();
  if (response->status != 200) return final_error(*response);
  return std::optional(std::move(response->body));
}

Result<base::Done> remove_phrase(const ServerUrl& server, const std::filesystem::path& ca,
                                 const std::string& session) {
  const auto response = remove(server, ca, "/sessions/" + session);
  if (!response) return response.error();
  if (response->status != 204) return final_error(*response);
  return base::Done{};
}

}  // namespace piste::client
