#include "app/box_command.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "app/box_options.h"
#include "app/box_outlet.h"
#include "app/complain.h"
#include "base/text.h"
#include "boxes/decoder.h"
#include "boxes/event_json.h"
#include "boxes/simulator.h"

namespace piste::app {
namespace {

constexpr std::string_view box_program = "referee box";

constexpr int silence_ms = 250;  // how often a live input is asked whether it is silent

struct DecodeArguments {
  std::string protocol;
  std::string file = "-";
  boxes::Settings settings;
  std::string white_order = "right-left";
  bool live = false;
};

// A descriptor, closed at the end unless it is standard input.
class Input {
 public:
  explicit Input(const std::string& name)
      : fd_(name == "-" ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Input() {
    if (fd_ > STDIN_FILENO) close(fd_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  bool ok() const { return fd_ >= 0; }
  // Whether there is something to read, or the end, within so many ms; -1: as long as it takes.
  bool ready(int ms) const {
    pollfd waiting{fd_, POLLIN, 0};
    return poll(&waiting, 1, ms) != 0;
  }
  // As many bytes as are there; 0 at the end, -1 where it cannot be read.
  ssize_t read_some(std::vector<std::uint8_t>& buffer) const {
    ssize_t count = -1;
    do count = read(fd_, buffer.data(), buffer.size());
    while (count < 0 && errno == EINTR);
    return count;
  }

 private:
  const int fd_;
};

// The option lets through only those that there are.
boxes::Protocol protocol_of(const std::string& name) {
  return protocol_named(name).value();
}

void print(boxes::Events& events) {
  for (const boxes::Event& event : events) std::cout << boxes::json_line(event) << '\n';
  if (!events.empty()) std::cout.flush();
  events.clear();
}

void print(const boxes::Tally& tally, const std::string& protocol) {
  std::cerr << protocol << ": " << tally.messages << " messages, " << tally.stray_bytes
            << " bytes outside of them";
  if (tally.other_pistes > 0)
    std::cerr << "; " << tally.other_pistes
              << " messages of other pistes were left out (--piste chooses one)";
  std::cerr << '\n';
}

int run_decode(const DecodeArguments& arguments) {
  boxes::Settings settings = arguments.settings;
  settings.whites_swapped = arguments.white_order == "left-right";
  const auto decoder = boxes::make_decoder(protocol_of(arguments.protocol), settings);
  const Input input(arguments.file);
  if (!input.ok())
    return complain(box_program, arguments.file + " cannot be opened: " + std::strerror(errno));
  const auto start = std::chrono::steady_clock::now();
  const auto now = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::vector<std::uint8_t> buffer(std::size_t{64} << 10);
  boxes::Events events;
  for (;;) {
    if (arguments.live && !input.ready(silence_ms)) {
      decoder->quiet(now(), events);
      print(events);
      continue;
    }
    const ssize_t count = input.read_some(buffer);
    if (count < 0) return complain(box_program, arguments.file + " cannot be read: " + std::strerror(errno));
    if (count == 0) break;
    const auto received = arguments.live ? std::optional(now()) : std::nullopt;
    decoder->take({buffer.data(), static_cast<std::size_t>(count)}, received, events);
    print(events);
  }
  decoder->finish(events);
  print(events);
  print(decoder->tally(), arguments.protocol);
  if (!decoder->tally().problem.empty()) std::cerr << "referee box: " << decoder->tally().problem << '\n';
  if (decoder->tally().messages > 0) return 0;
  std::cerr << "referee box: nothing in it is " << arguments.protocol
            << "; docs/boxes.md shows what each protocol looks like\n";
  return 1;
}

void add_decode(CLI::App& box, int& exit_code) {
  auto* command = box.add_subcommand("decode", "Print what a box says, one event a line in JSON");
  auto arguments = std::make_shared<DecodeArguments>();
  command->add_option("protocol", arguments->protocol, "what the box speaks")
      ->required()
      ->check(CLI::IsMember(protocol_names()));
  command->add_option("file", arguments->file, "the box's bytes; -: standard input")->capture_default_str();
  command->add_flag(
      "--live", arguments->live,
      "the box speaks now: times are those of arrival instead of the protocol's pace, and silence is "
      "noticed");
  command->add_flag("--swap-sides", arguments->settings.swap_sides,
                    "the box stands on the other side of the piste");
  command
      ->add_option("--white-order", arguments->white_order,
                   "fpa: which white lamp comes first in the lamps message")
      ->check(CLI::IsMember({"right-left", "left-right"}))
      ->capture_default_str();
  command->add_option("--piste", arguments->settings.piste,
                      "cyrano, efp2, opp2: whose messages count (default: those of the first piste heard)");
  command->callback([arguments, &exit_code] { exit_code = run_decode(*arguments); });
}

struct SimulateArguments {
  std::string protocol;
  std::string script;
  std::string to = "-";
  double tail = 3;
  bool fast = false;
};

// The events of a script, in order of time; else what is wrong with it.
std::variant<boxes::Events, std::string> read_script(const std::string& name) {
  constexpr double longest = 4 * 3600;
  const Input input(name);
  if (!input.ok()) return name + " cannot be opened: " + std::strerror(errno);
  const auto decoder = boxes::make_decoder(boxes::Protocol::lines, {});
  std::vector<std::uint8_t> buffer(std::size_t{64} << 10);
  boxes::Events events;
  for (ssize_t count = 0; (count = input.read_some(buffer)) != 0;) {
    if (count < 0) return name + " cannot be read: " + std::strerror(errno);
    decoder->take({buffer.data(), static_cast<std::size_t>(count)}, std::nullopt, events);
  }
  decoder->finish(events);
  if (!decoder->tally().problem.empty()) return name + ", " + decoder->tally().problem;
  if (events.empty()) return name + " has no event";
  std::ranges::stable_sort(events, {}, [](const boxes::Event& event) { return event.moment.at; });
  if (events.front().moment.at < 0 || events.back().moment.at > longest)
    return name + ": \"at_ms\" must lie between 0 and four hours";
  return events;
}

int run_simulate(const SimulateArguments& arguments) {
  const auto script = read_script(arguments.script);
  if (const auto* problem = std::get_if<std::string>(&script)) return complain(box_program, *problem);
  const auto& events = std::get<boxes::Events>(script);
  const auto protocol = protocol_of(arguments.protocol);
  if (arguments.to.starts_with("mqtt") && protocol != boxes::Protocol::opp2)
    return complain(box_program, "only opp2 goes over MQTT");
  const auto outlet = open_outlet(arguments.to, boxes::is_text(protocol));
  if (const auto* problem = std::get_if<std::string>(&outlet)) return complain(box_program, *problem);
  Outlet& out = *std::get<std::unique_ptr<Outlet>>(outlet);
  const auto start = std::chrono::steady_clock::now();
  bool sent = true;
  boxes::simulate(protocol, events, events.back().moment.at + arguments.tail,
                  [&](const boxes::Packet& packet) {
                    if (!arguments.fast)
                      std::this_thread::sleep_until(start + std::chrono::duration<double>(packet.at));
                    return sent = out.send(packet);
                  });
  return sent ? 0 : complain(box_program, out.problem());
}

void add_simulate(CLI::App& box, int& exit_code) {
  auto* command = box.add_subcommand("simulate", "Play a box: its bytes, at its own pace");
  auto arguments = std::make_shared<SimulateArguments>();
  command->add_option("protocol", arguments->protocol, "what the box speaks")
      ->required()
      ->check(CLI::IsMember(protocol_names()));
  command
      ->add_option("script", arguments->script,
                   "what happens: events as decode prints them; -: standard input")
      ->required();
  command
      ->add_option(
          "--to", arguments->to,
          "- (standard output), pty (its name is told on standard error), udp:HOST:PORT, or for opp2 "
          "mqtt:HOST[:PORT]")
      ->capture_default_str();
  command->add_option("--tail", arguments->tail, "seconds that it goes on after the last event")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->add_flag("--fast", arguments->fast, "without waiting: a recording in no time");
  command->callback([arguments, &exit_code] { exit_code = run_simulate(*arguments); });
}

}  // namespace

void add_box_command(CLI::App& app, int& exit_code) {
  auto* box = app.add_subcommand("box", "Scoring boxes without a server, and without a box");
  box->require_subcommand(1);
  add_decode(*box, exit_code);
  add_simulate(*box, exit_code);
}

}  // namespace piste::app
