#include "client/upload.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "client/files.h"
#include "client/progress_view.h"
#include "client/rate.h"
#include "client/requests.h"
#include "client/streaming.h"
#include "client/verdict_text.h"

namespace piste::client {
namespace {

constexpr std::chrono::seconds patience{60};  // with a server that has no room

Result<HttpResponse> post(const UploadOptions& options, ProgressView& view) {
  Rate rate;
  std::uint64_t before = 0;
  const auto progress = [&](std::uint64_t sent, std::uint64_t total) {
    const auto now = std::chrono::steady_clock::now();
    rate.add(sent - before, now);
    before = sent;
    view.uploading(sent, total, 8.0 * rate.per_second(now), now);
    if (sent == total) view.line(describe_size(total) + " sent; the server analyses the phrase.");
  };
  return post_upload(options, progress);
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
  if (response->status != 200) return give_up(view, error_of(*response));

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
