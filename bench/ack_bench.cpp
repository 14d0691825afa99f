// bench_ack: how soon a frame is acknowledged while the analysis has more to do than it can. One JSON line a
// case on stdout, a table on stderr.
//
// Ten pistes send 30 frames a second each, several times what the machine can analyse. The same load goes to
// a service that defers its analysis, and to a bare TCP sink.
#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "base/json_text.h"
#include "figures.h"
#include "ingest_load.h"
#include "program.h"
#include "service_run.h"

namespace piste::bench {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

struct Options {
  ServiceOptions service;
  int sessions = 10;
  double rate = 30;
  double seconds = 10;
  int runs = 3;
};

struct Run {
  Measured measured;
  std::int64_t waiting = 0;  // frames that the analysis had not reached when the last one was acknowledged
};

// The frames of all sessions that wait for the analysis, as GET /streaming/stats counts them.
std::int64_t frames_waiting(std::uint16_t port) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::make_address("127.0.0.1"), port});
  const std::string request = "GET /streaming/stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  asio::write(socket, asio::buffer(request));
  std::string answer;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(answer, 1 << 20), end);
  const auto body = json::parse(answer.substr(std::min(answer.size(), answer.find("\r\n\r\n") + 4)));
  std::int64_t waiting = 0;
  for (const auto& [id, session] : body.at("sessions").as_object()) {
    waiting += session.at("frames_waiting").to_number<std::int64_t>();
  }
  return waiting;
}

Load load_of(const Options& options) {
  Load load;
  load.sessions = options.sessions;
  load.rate = options.rate;
  load.frames = static_cast<std::int64_t>(options.seconds * options.rate) * options.sessions;
  return load;
}

Run run_service(const Options& options, Analysis analysis, const Picture& picture, const Frames& frames) {
  const ServiceRun run(options.service, analysis);
  Run out;
  Load load = load_of(options);
  load.cpu = [&] { return run.service.cpu(); };
  load.on_answer = [&](std::int64_t answered) {
    if (answered == load.frames) out.waiting = frames_waiting(run.service.port());
  };
  out.measured = drive(ServiceTarget(picture, frames), run.service.port(), load);
  return out;
}

Run run_sink(const Options& options, const Frames& frames) {
  const SinkRun run(options.service);
  Load load = load_of(options);
  load.cpu = [&] { return run.sink.cpu(); };
  return {drive(SinkTarget(frames), run.sink.port(), load), 0};
}

void report(const Options& options, const std::string& target, const std::vector<Run>& runs) {
  const double p50 = median_of(runs, [](const Run& run) { return run.measured.ack_p50; });
  const double p99 = median_of(runs, [](const Run& run) { return run.measured.ack_p99; });
  const double most = median_of(runs, [](const Run& run) { return run.measured.ack_max; });
  const double waiting = median_of(runs, [](const Run& run) { return run.waiting; });
  const json::object line{{"bench", "ack"},
                          {"target", target},
                          {"sessions", options.sessions},
                          {"frames_per_s_each", options.rate},
                          {"frames", runs.front().measured.frames},
                          {"runs", options.runs},
                          {"ack_p50_ms", rounded(p50)},
                          {"ack_p99_ms", rounded(p99)},
                          {"ack_max_ms", rounded(most)},
                          {"frames_waiting_at_end", waiting}};
  std::cout << base::json_text(line) << std::endl;
  std::fprintf(stderr, "%-18s %9.2f %9.2f %9.2f %9.0f of %lld\n", target.c_str(), p50, p99, most, waiting,
               static_cast<long long>(runs.front().measured.frames));
}

void run_all(const Options& options) {
  const Picture& picture = picture_named("jpeg1080");
  const Frames frames = make_frames(picture, 8);
  std::vector<Run> live;
  std::vector<Run> deferred;
  std::vector<Run> sink;
  for (int run = 0; run < options.runs; ++run) {
    live.push_back(run_service(options, Analysis::live, picture, frames));
    deferred.push_back(run_service(options, Analysis::after_end, picture, frames));
    sink.push_back(run_sink(options, frames));
  }
  std::fprintf(stderr, "%-18s %9s %9s %9s %9s\n", "", "p50 ms", "p99 ms", "max ms", "waiting");
  report(options, "service, live", live);
  report(options, "service, after-end", deferred);
  report(options, "tcp sink", sink);
}

}  // namespace
}  // namespace piste::bench

int main(int argc, char** argv) {
  using namespace piste::bench;
  CLI::App app("How soon frames are acknowledged while the analysis is saturated");
  Options options;
  add_service_options(app, options.service);
  app.add_option("--sessions", options.sessions, "at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 10));
  app.add_option("--rate", options.rate, "frames/s of each session")->capture_default_str();
  app.add_option("--seconds", options.seconds, "of each run")
      ->capture_default_str()
      ->check(CLI::Range(1, 600));
  app.add_option("--runs", options.runs, "of each case")->capture_default_str()->check(CLI::Range(1, 100));
  return run_program(app, argc, argv, [&] { run_all(options); });
}
