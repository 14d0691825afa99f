// What some connections say to the sessions of a service, and what happens meanwhile: disconnects, resumes,
// verdicts, time, a restart. A script of lines, "CONNECTION OPERATION ARGUMENT"; see Script. Checked: the
// answers are messages, a frame gets one, numbers are acknowledged that were sent and only once, what is
// acknowledged is there when a session is resumed, and nobody resumes what is not theirs.
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "bytes.h"
#include "protocol/parse.h"
#include "session/conversation.h"
#include "session/fake_engine.h"
#include "session/registry.h"
#include "support/temp_dir.h"

namespace piste::session {
namespace {

namespace json = boost::json;

void demand(bool holds, std::string_view what, std::string_view text = {}) {
  if (holds) return;
  std::cerr << "broken: " << what << ": " << text << std::endl;
  std::abort();
}

// One session, as its clients know it.
struct Known {
  std::string id;
  std::string owner;
  std::string token;
  FakePhrase* phrase = nullptr;  // nothing after a restart
  bool processing = false;
  std::set<std::int64_t> acknowledged;
};

struct World {
  explicit World(unsigned choice) {
    base::log::set_level("error");
    limits.output_dir = folder.path();
    limits.min_free_disk_bytes = 0;
    limits.max_sessions = 2;
    limits.max_detached_sessions = 2;
    limits.max_memory_bytes = 1 << 20;
    limits.max_frame_bytes = 64;
    limits.max_signal_bytes = 64;
    limits.max_frames = 50;
    limits.sessions_per_hour = choice % 2 ? 3 : 0;
    start();
  }
  void start() {
    registry.emplace(engine, limits);
    registry->recover(now);
  }

  const test::TempDir folder;
  Limits limits;
  TimePoint now = TimePoint(std::chrono::hours(1000));
  FakeEngine engine;
  std::optional<Registry> registry;
  std::vector<std::unique_ptr<Known>> sessions;  // all there ever were
};

// One connection after another, of one client.
class Client {
 public:
  Client(World& world, std::string owner) : world_(world), owner_(std::move(owner)) { connect(); }

  const std::string& owner() const { return owner_; }
  Known* session() const { return session_; }
  void disconnect() {
    conversation_.reset();
    session_ = nullptr;
    frame_.reset();
    taken_over_ = false;
  }
  void connect() {
    const Outbox outbox{[this](const std::string& text, bool) { hear(text); },
                        [this](int code, const std::string&) { taken_over_ = code == 4001; }};
    conversation_.emplace(*world_.registry, outbox, Caller{owner_, "192.0.2.1"});
  }
  void abandon() { conversation_->abandon(); }
  void ping() { conversation_->on_ping(world_.now); }

  // False: the server has closed, and this is the next connection.
  bool text(std::string_view message) {
    const auto parsed = protocol::parse(message);
    const auto* header = parsed ? std::get_if<protocol::FrameHeader>(&*parsed) : nullptr;
    frame_ = header ? std::optional(header->number) : std::nullopt;
    return go_on(conversation_->on_text(Text(message), world_.now));
  }
  bool binary(std::string_view bytes) {
    const bool open = go_on(conversation_->on_binary({bytes.begin(), bytes.end()}, world_.now));
    frame_.reset();
    return open;
  }
  void frame(std::string_view header, std::string_view bytes) {
    answers_ = 0;
    if (text(header)) binary(bytes);
    demand(answers_ == (taken_over_ ? 0 : 1), "a frame gets one answer", header);
  }
  // known: whose token is given; null: nobody's, so nothing may be resumed.
  void resume(const std::string& id, const std::string& token, Known* known) {
    resuming_ = known;
    text(json::serialize(
        json::object{{"type", "session_resume"}, {"session_id", id}, {"resume_token", token}}));
    resuming_ = nullptr;
  }

 private:
  bool go_on(Next next) {
    if (next == Next::keep_open) return true;
    demand(conversation_->session_id().empty(), "a session outlives a broken protocol");
    disconnect();
    connect();
    return false;
  }

  void hear(const std::string& text) {
    ++answers_;
    demand(!taken_over_, "told to who was cut off", text);
    demand(text.find(world_.folder.path().string()) == text.npos, "a path of the server", text);
    const json::object answer = json::parse(text).as_object();
    const auto& type = answer.at("type").as_string();
    if (type == "session_started") started(answer);
    if (type == "session_resumed") resumed(answer, text);
    if (type == "frame_ack") acknowledged(answer, text);
    if (type == "process_start") session_->processing = true;
  }

  void started(const json::object& answer) {
    auto made = std::make_unique<Known>();
    made->id = std::string(answer.at("session_id").as_string());
    made->owner = owner_;
    made->token = std::string(answer.at("resume_token").as_string());
    made->phrase = &world_.engine.phrase(world_.engine.phrases() - 1);
    session_ = made.get();
    world_.sessions.push_back(std::move(made));
  }

  void resumed(const json::object& answer, const std::string& text) {
    demand(resuming_ != nullptr, "resumed without a token", text);
    demand(answer.at("session_id").as_string() == resuming_->id, "another session is resumed", text);
    const auto& state = answer.at("state").as_string();
    if (state == "COMPLETE" || state == "FAILED") return;
    session_ = resuming_;
    std::set<std::int64_t> there;
    for (const auto& range : answer.at("ranges").as_array()) {
      for (auto number = range.at(0).as_int64(); number <= range.at(1).as_int64(); ++number) {
        there.insert(number);
      }
    }
    demand(there == session_->acknowledged, "other frames than those acknowledged", text);
  }

  void acknowledged(const json::object& answer, const std::string& text) {
    const auto number = answer.at("frame_number").as_int64();
    demand(session_ != nullptr, "a frame without a session", text);
    demand(number == frame_, "a frame that was not sent", text);
    const bool first = session_->acknowledged.insert(number).second;
    demand(first == (answer.at("status").as_string() == "received"), "received, or a duplicate", text);
  }

  World& world_;
  const std::string owner_;
  std::optional<Conversation> conversation_;
  Known* session_ = nullptr;  // the last that was begun or resumed
  Known* resuming_ = nullptr;
  std::optional<std::int64_t> frame_;  // whose bytes are due
  bool taken_over_ = false;            // another connection speaks for the session
  int answers_ = 0;
};

class Script {
 public:
  explicit Script(World& world)
      : world_(world), clients_{Client(world, ""), Client(world, ""), Client(world, "other")} {}

  void run(std::string_view lines) {
    while (!lines.empty()) {
      const auto length = std::min(lines.find('\n'), lines.size());
      line(lines.substr(0, length));
      lines.remove_prefix(std::min(length + 1, lines.size()));
      demand(world_.registry->active() <= world_.limits.max_sessions, "more sessions than seats");
    }
    static_cast<void>(json::parse(world_.registry->stats_json(world_.now)));
    for (auto& client : clients_) client.disconnect();
    world_.registry.reset();
  }

 private:
  void line(std::string_view line) {
    if (line.size() < 2) return;
    Client& client = clients_[static_cast<unsigned char>(line[0]) % clients_.size()];
    const std::string_view rest = line.substr(2);
    const std::string first(rest.substr(0, 1));
    const std::string more(rest.substr(first.size()));
    switch (line[1]) {
      case 's':  // sID FIELDS
        client.text(R"({"type":"session_start","session_id":")" + first +
                    R"(","fps":30,"width":64,"height":64,"video_format":"bgr24")" + more + "}");
        break;
      case 'f':  // fNUMBER, then the bytes
        client.frame(header_of(rest), rest);
        break;
      case 'h':  // its metadata only
        client.text(header_of(rest));
        break;
      case 'b':
        client.binary(rest);
        break;
      case 'e':
        client.text(R"({"type":"session_end","total_frames":)" + std::to_string(number_of(rest)) + "}");
        break;
      case 'l':
        if (client.text(R"({"type":"signal","filename":"x"})")) client.binary(rest);
        break;
      case 't':
        client.text(rest);
        break;
      case 'a':
        client.text(R"({"type":"session_abort"})");
        break;
      case 'p':
        client.ping();
        break;
      case 'v':
        client.abandon();
        break;
      case 'x':
        client.disconnect();
        client.connect();
        break;
      case 'r':  // rNUMBER: of the session, or so many before the last; whether with its own token
        resume(client, rest);
        break;
      case 'd':  // the verdict, or what came instead
      case 'c':
      case 'n':
        conclude(client, line[1]);
        break;
      case 'w':
        world_.now += std::chrono::seconds(number_of(rest));
        world_.registry->sweep(world_.now);
        break;
      case 'q':
        restart();
        break;
      default:
        break;
    }
  }

  static std::int64_t number_of(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + std::min<std::size_t>(text.size(), 4), number);
    return number;
  }
  static std::string header_of(std::string_view rest) {
    return R"({"type":"frame","encoding":"jpeg","frame_number":)" + std::to_string(number_of(rest)) + "}";
  }

  void resume(Client& client, std::string_view rest) {
    if (world_.sessions.empty()) return;
    const auto back = static_cast<std::size_t>(std::abs(number_of(rest))) % world_.sessions.size();
    Known& known = **(world_.sessions.rbegin() + static_cast<std::ptrdiff_t>(back));
    std::string token = known.token;
    if (rest.ends_with('~')) token.back() = token.back() == '0' ? '1' : '0';
    if (rest.ends_with('<')) token.pop_back();
    if (rest.ends_with('>')) token.push_back('0');
    if (rest.ends_with('!')) token = rest;
    const bool theirs = token == known.token && client.owner() == known.owner;
    client.resume(known.id, token, theirs ? &known : nullptr);
  }

  static void conclude(Client& client, char how) {
    const Known* session = client.session();
    if (!session || !session->phrase || !session->processing) return;
    if (how == 'd') session->phrase->progress("decision", 1, R"({"winner":"left"})");
    if (how == 'c') session->phrase->complete(R"({"winner":"left"})");
    if (how == 'n') session->phrase->fail("no fencer");
  }

  void restart() {
    for (auto& client : clients_) client.disconnect();
    world_.registry.reset();
    for (auto& session : world_.sessions) session->phrase = nullptr;
    world_.start();
    for (auto& client : clients_) client.connect();
  }

  World& world_;
  std::array<Client, 3> clients_;
};

}  // namespace
}  // namespace piste::session

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> bytes(data, size);
  piste::session::World world(piste::fuzz::take_choice(bytes));
  piste::session::Script(world).run(piste::fuzz::text_of(bytes));
  return 0;
}
