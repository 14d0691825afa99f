// The drawn sample phrases, and clients that send them over a bare WebSocket.
#pragma once

#include <string>
#include <vector>

#include "service.h"
#include "types/frame.h"

namespace piste::e2e {

struct Phrase {
  std::filesystem::path video;  // JPEG pictures in Matroska
  std::filesystem::path signal;
  int width = 0;
  int height = 0;
  double fps = 0;
  std::string log;
  std::vector<std::string> jpegs;
};

// One of samples/, as e2e.DrawPhrases left it.
Phrase sample(const std::string& name = "attack-from-right");

// The frames of a phrase in another encoding ("png", "raw", "raw with header", "jpeg").
std::vector<std::string> encoded(const Phrase& phrase, const std::string& encoding);

// A small picture for tests that only care for the conversation.
constexpr int small_width = 160;
constexpr int small_height = 120;
std::string small_jpeg(int seed = 0);
types::Image small_image(int seed = 0);
std::string as_text(const types::Bytes& bytes);

// A log with both lamps.
std::string small_log();

// Everything that a session was told.
struct Told {
  json::object started;
  std::vector<json::object> acks;
  json::object ended;
  json::object signal_ack;
  std::vector<json::object> processing;  // from process_start to process_complete or an error
  json::object result;                   // empty: none came
};

// The guide's flow to its end.
Told stream(Service& service, const Phrase& phrase, const std::vector<std::string>& frames,
            const std::string& encoding, const std::string& id, json::object options = {});
// Reads from signal_ack to the last message.
void read_processing(WebSocketClient& client, Told& told);

json::object upload(Service& service, const std::filesystem::path& video, const std::string& log,
                    const std::string& query = "");

}  // namespace piste::e2e
