#include "soak_clients.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "result_wait.h"
#include "support/http_client.h"
#include "support/raw_websocket.h"
#include "support/websocket_client.h"

namespace piste::bench {
namespace {

using std::chrono::milliseconds;
using test::bytes_of;
using test::HttpClient;
using test::Opcode;
using test::RawWebSocket;
using test::WebSocketClient;

constexpr int width = 320;
constexpr int height = 240;
constexpr std::size_t most_left = 5;
constexpr int visits_idle = 20;  // connections that a hostile client opens for their own sake

std::string next_id(Visitor& visitor) {
  return visitor.name + "-" + std::to_string(visitor.number++);
}

unsigned choice(Visitor& visitor, unsigned count) {
  return static_cast<unsigned>(visitor.random() % count);
}

constexpr int longest_wait =
    10;  // s: where the disk was full it is to come back in a minute, as long as a life

// The broken ones may have taken the places, or the disk is full: then comes back when it is told to.
[[noreturn]] void turn_away(const boost::json::object& refusal) {
  const auto* wait = refusal.if_contains("retry_after");
  if (!wait) throw std::runtime_error("refused: " + boost::json::serialize(refusal));
  std::this_thread::sleep_for(std::chrono::seconds(std::min(longest_wait, wait->to_number<int>())));
  throw Refused();
}

void expect(const boost::json::object& answer, std::string_view type) {
  if (answer.at("type").as_string() != type) turn_away(answer);
}

void send_phrase(WebSocketClient& client, Visitor& visitor, const std::string& id, milliseconds pause) {
  expect(client.start(id, width, height), "session_started");
  const auto count = static_cast<std::int64_t>(visitor.pictures.size());
  for (std::int64_t i = 0; i < count; ++i) {
    client.send_frame(i, visitor.pictures[static_cast<std::size_t>(i)]);
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
  }
  for (std::int64_t i = 0; i < count; ++i) expect(client.receive(), "frame_ack");
  expect(client.end(count), "session_ended");
  expect(client.signal(visitor.log), "signal_ack");
}

void whole_phrase(Visitor& visitor, milliseconds pause) {
  WebSocketClient client(visitor.port);
  send_phrase(client, visitor, next_id(visitor), pause);
  client.receive("process_complete");
  client.close();
}

void half_an_upload(Visitor& visitor) {
  const test::Form form({{"video", visitor.pictures.front(), "v.avi"}, {"signal", visitor.log}});
  HttpClient client(visitor.port);
  client.send_raw("POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
                  "\r\nContent-Length: " + std::to_string(form.body.size()) + "\r\n\r\n" +
                  form.body.substr(0, form.body.size() / 2));
}

// What RFC 6455 does not allow, one after the other.
std::string wrong_frame(unsigned which) {
  switch (which) {
    case 0:
      return bytes_of({.reserved = 7, .payload = "x"});
    case 1:
      return bytes_of({.opcode = 3});
    case 2:
      return bytes_of({.payload = "{}"}, {.masked = false});
    case 3:
      return bytes_of({.opcode = Opcode::binary, .payload = "x"},
                      {.length_bits = 64, .claimed_length = 1ull << 40});
    case 4:
      return bytes_of({.payload = "\xFF\xFE"});
    case 5:
      return bytes_of({.payload = std::string(70'000, '[')});
    default:
      return bytes_of({.payload = "[[[[[[[[[[[[[[[[[[[["});
  }
}

void idle_connections(Visitor& visitor) {
  std::vector<std::unique_ptr<HttpClient>> held;
  for (int i = 0; i < visits_idle; ++i) {
    held.push_back(std::make_unique<HttpClient>(visitor.port));
    held.back()->send_raw("GET /health HT");
  }
}

}  // namespace

void visit_well(Visitor& visitor) {
  whole_phrase(visitor, milliseconds(0));
}

void visit_slowly(Visitor& visitor) {
  whole_phrase(visitor, milliseconds(50));
}

void visit_and_leave(Visitor& visitor) {
  const std::string id = next_id(visitor);
  WebSocketClient client(visitor.port);
  send_phrase(client, visitor, id, milliseconds(0));
  client.vanish();
  visitor.left.push_back(id);
  if (visitor.left.size() > most_left) fetch_left(visitor);
}

void fetch_left(Visitor& visitor) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (!visitor.left.empty()) {
    const std::string id = std::move(visitor.left.front());
    visitor.left.erase(visitor.left.begin());
    const auto answer = await_result(visitor.port, id, until);
    if (answer.result_int() != 200)
      throw std::runtime_error("of " + id + ", which was left: " + answer.body());
  }
}

void visit_brokenly(Visitor& visitor) {
  if (choice(visitor, 4) == 0) return half_an_upload(visitor);
  WebSocketClient client(visitor.port);
  client.start(next_id(visitor), width, height);
  const unsigned frames = choice(visitor, 8);
  for (unsigned i = 0; i < frames; ++i) {
    const std::string& whole = visitor.pictures[i % visitor.pictures.size()];
    client.send_frame(static_cast<std::int64_t>(choice(visitor, 100)),
                      whole.substr(0, whole.size() - choice(visitor, 2) * 100));
  }
  if (choice(visitor, 2) == 0) client.send_text(R"({"type":"frame","frame_number":-1.5})");
  if (choice(visitor, 2) == 0) client.send_text("not JSON");
  client.vanish();
}

void visit_hostilely(Visitor& visitor) {
  const unsigned which = choice(visitor, 10);
  if (which < 7) {
    RawWebSocket client(visitor.port);
    client.send(wrong_frame(which));
    if (which != 3) client.close_code();
  } else if (which == 7) {
    idle_connections(visitor);
  } else if (which == 8) {
    HttpClient client(visitor.port);
    client.send_raw("GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n");
    client.closed();
  } else {
    HttpClient client(visitor.port);
    client.send_raw("\x16\x03\x01garbage\r\n\r\n");
    client.closed();
  }
}

}  // namespace piste::bench
