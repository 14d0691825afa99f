#include "client/requests.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "client/connect.h"
#include "client/files.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds short_answer_limit{10};

asio::awaitable<void> keep(asio::awaitable<Result<HttpResponse>> request,
                           std::optional<Result<HttpResponse>>& response) {
  response = co_await std::move(request);
}

template <class Request>
Result<HttpResponse> complete(Request request) {
  asio::io_context io(1);
  std::optional<Result<HttpResponse>> response;
  asio::co_spawn(io, keep(request(io.get_executor()), response), [](std::exception_ptr unexpected) {
    if (unexpected) std::rethrow_exception(unexpected);
  });
  io.run();
  return std::move(*response);
}

ConnectOptions connection(const std::filesystem::path& ca) {
  ConnectOptions out;
  out.ca = ca;
  return out;
}

std::string later(const HttpResponse& response) {
  if (!response.retry_after) return {};
  return "; it may be tried again in " + std::to_string(response.retry_after->count()) + " s";
}

ErrorCode meaning(const HttpResponse& response) {
  const unsigned status = response.status;
  if (response.retry_after) return ErrorCode::no_room;
  const bool not_ours = status == 401 || status == 403 || status == 404 || status == 502 || status == 504;
  return not_ours ? ErrorCode::connection : ErrorCode::refused;
}

MultipartForm make_form(const UploadOptions& options) {
  MultipartForm form;
  form.fields.emplace_back("include_keypoints", options.include_keypoints ? "true" : "false");
  form.fields.emplace_back("save_overlay", options.overlay ? "true" : "false");
  if (options.weapon) form.fields.emplace_back("weapon", types::to_string(*options.weapon));
  // The log first: a server that cannot read it need not wait for the video.
  if (!options.lamps.empty()) form.fields.emplace_back("lamps", options.lamps);
  if (!options.marks.piste.empty())
    form.fields.emplace_back("piste_corners", types::to_string(options.marks.piste));
  if (options.marks.fencers) form.fields.emplace_back("fencers", types::to_string(*options.marks.fencers));
  if (!options.hits.empty()) form.fields.emplace_back("hits", options.hits);
  if (!options.signal.empty()) form.files.push_back({"signal", options.signal});
  form.files.push_back({"video", options.video});
  return form;
}

}  // namespace

Result<HttpResponse> get(const ServerUrl& server, const std::filesystem::path& ca, const std::string& path) {
  return complete([&](const asio::any_io_executor& executor) {
    return http_get(executor, server, path, connection(ca), short_answer_limit);
  });
}

Result<HttpResponse> remove(const ServerUrl& server, const std::filesystem::path& ca,
                            const std::string& path) {
  return complete([&](const asio::any_io_executor& executor) {
    return http_delete(executor, server, path, connection(ca), short_answer_limit);
  });
}

Result<HttpResponse> post_upload(const UploadOptions& options, const UploadProgress& progress,
                                 const std::string& prefer) {
  if (!options.signal.empty()) {
    if (auto log = read_signal(options.signal); !log) return log.error();
  }
  auto body = MultipartBody::create(make_form(options));
  if (!body) return body.error();
  return complete([&](const asio::any_io_executor& executor) {
    return http_post(executor, options.server, "/analyze", connection(options.ca), std::move(*body), progress,
                     prefer);
  });
}

std::string refusal(const HttpResponse& response) {
  std::string out = "the server answers HTTP " + std::to_string(response.status) + " " + response.reason;
  boost::system::error_code failed;
  const boost::json::value value = boost::json::parse(response.body, failed);
  if (!failed && value.is_object()) {
    for (const char* name : {"error_message", "detail", "error", "message"}) {
      const boost::json::value* text = value.get_object().if_contains(name);
      if (text && text->is_string()) return out + ": " + std::string(text->get_string());
    }
  }
  const std::string beginning = response.body.substr(0, 300);
  return beginning.empty() ? out : out + ": " + beginning;
}

Error error_of(const HttpResponse& response) {
  return {meaning(response), refusal(response) + later(response)};
}

}  // namespace piste::client
