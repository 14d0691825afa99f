#include "client/upload.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <optional>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "client/connect.h"
#include "client/files.h"
#include "client/http.h"
#include "client/progress_view.h"
#include "client/rate.h"
#include "client/streaming.h"
#include "client/verdict_text.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::chrono::seconds short_answer_limit{10};
constexpr std::chrono::seconds patience{60};  // with a server that has no room

asio::awaitable<void> keep(asio::awaitable<Result<HttpResponse>> request,
                           std::optional<Result<HttpResponse>>& response) {
  response = co_await std::move(request);
}

// Runs one request to its end.
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

Result<HttpResponse> get(const ServerUrl& server, const std::filesystem::path& ca, const std::string& path) {
  return complete([&](const asio::any_io_executor& executor) {
    return http_get(executor, server, path, connection(ca), short_answer_limit);
  });
}

// What the server says of its refusal: the usual names of such a field, else the body's beginning.
std::string refusal(const HttpResponse& response) {
  std::string out = "the server answers HTTP " + std::to_string(response.status) + " " + response.reason;
  boost::system::error_code failed;
  const json::value value = json::parse(response.body, failed);
  if (!failed && value.is_object()) {
    for (const char* name : {"error_message", "detail", "error", "message"}) {
      const json::value* text = value.get_object().if_contains(name);
      if (text && text->is_string()) return out + ": " + std::string(text->get_string());
    }
  }
  const std::string beginning = response.body.substr(0, 300);
  return beginning.empty() ? out : out + ": " + beginning;
}

std::string later(const HttpResponse& response) {
  if (!response.retry_after) return {};
  return "; it may be tried again in " + std::to_string(response.retry_after->count()) + " s";
}

// A status that a proxy or a stranger gives says nothing of the phrase.
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

Result<HttpResponse> post(const UploadOptions& options, ProgressView& view) {
  if (!options.signal.empty()) {
    if (auto log = read_signal(options.signal); !log) return log.error();
  }
  auto body = MultipartBody::create(make_form(options));
  if (!body) return body.error();
  Rate rate;
  std::uint64_t before = 0;
  const auto progress = [&](std::uint64_t sent, std::uint64_t total) {
    const auto now = std::chrono::steady_clock::now();
    rate.add(sent - before, now);
    before = sent;
    view.uploading(sent, total, 8.0 * rate.per_second(now), now);
    if (sent == total) view.line(describe_size(total) + " sent; the server analyses the phrase.");
  };
  return complete([&](const asio::any_io_executor& executor) {
    return http_post(executor, options.server, "/analyze", connection(options.ca), std::move(*body),
                     progress);
  });
}

// Again, where the server has no room now and says when to come back.
Result<HttpResponse> post_until_taken(const UploadOptions& options, ProgressView& view) {
  const auto since = std::chrono::steady_clock::now();
  for (bool told = false;; told = true) {
    auto response = post(options, view);
    if (!response || response->status == 200 || !response->retry_after) return response;
    const auto wait = std::max(*response->retry_after, std::chrono::seconds(1));
    if (std::chrono::steady_clock::now() + wait - since > patience) return response;
    if (!told) {
      view.line(refusal(*response) + "; trying again for up to " + std::to_string(patience.count()) + " s");
    }
    std::this_thread::sleep_for(wait);
  }
}

int give_up(ProgressView& view, const Error& error) {
  view.line(error.message);
  return exit_code(error.code);
}

int show_health(const UploadOptions& options, Console console) {
  ProgressView view(console.err, false);
  const auto response = get(options.server, options.ca, "/health");
  if (!response) return give_up(view, response.error());
  // Whatever it answers, it is there.
  if (response->status != 200) return give_up(view, {ErrorCode::refused, refusal(*response)});
  console.out << base::escaped(response->body) << std::endl;
  return 0;
}

}  // namespace

int run_upload(const UploadOptions& options, Console console) {
  if (options.health) return show_health(options, console);
  ProgressView view(console.err, console.terminal && !options.verbose);
  view.line(options.video.filename().string() + " -> " + options.server.shown("/analyze"));
  const auto response = post_until_taken(options, view);
  if (!response) return give_up(view, response.error());
  base::log::debug(
      {}, "received HTTP " + std::to_string(response->status) + " " + response->body.substr(0, 1000));
  if (response->status != 200)
    return give_up(view, {meaning(*response), refusal(*response) + later(*response)});

  const VerdictText verdict = describe_result(response->body);
  view.clear();
  console.out << verdict.text << std::flush;
  if (!options.output.empty()) {
    if (auto saved = save_result(options.output, response->body); !saved) return give_up(view, saved.error());
  }
  return verdict.analysed ? 0 : exit_code(ErrorCode::refused);
}

Result<Way> find_way(const ServerUrl& server, const std::filesystem::path& ca) {
  const auto response = get(server, ca, "/streaming/stats");
  if (!response) return response.error();
  return response->status == 200 ? Way::streaming : Way::upload;
}

int run_smart(const SmartOptions& options, Console console) {
  const auto way = find_way(options.upload.server, options.upload.ca);
  if (!way) {
    ProgressView view(console.err, false);
    return give_up(view, way.error());
  }
  if (*way == Way::upload) {
    console.err << "Using legacy mode" << std::endl;
    return run_upload(options.upload, console);
  }
  console.err << "Using streaming mode" << std::endl;
  StreamingClient client(streaming_options(options), console);
  client.interrupt_on_signals();
  return client.run();
}

}  // namespace piste::client
