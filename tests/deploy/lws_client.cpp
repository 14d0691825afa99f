// libwebsockets against the service, as its own examples are written: one frame of a session, in two
// fragments. usage: lws_client PORT; prints the type of the first answer and the status of the second.
#include <libwebsockets.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <regex>
#include <string>
#include <vector>

namespace {

constexpr int width = 64;
constexpr int height = 48;
const std::string start = R"({"type":"session_start","session_id":"s","fps":30,"width":64,"height":48})";
const std::string frame = R"({"type":"frame","frame_number":0,"encoding":"raw"})";
const std::string picture(static_cast<std::size_t>(3 * width * height), '\0');

// What is sent, in order; the first one before the first answer, the others after it.
struct Piece {
  std::string bytes;
  lws_write_protocol kind;
};
const std::vector<Piece> pieces{
    {start, LWS_WRITE_TEXT},
    {frame, LWS_WRITE_TEXT},
    {picture.substr(0, 1000), static_cast<lws_write_protocol>(LWS_WRITE_BINARY | LWS_WRITE_NO_FIN)},
    {picture.substr(1000), LWS_WRITE_CONTINUATION},
};

std::size_t sent = 0;
std::vector<std::string> answers;
bool over = false;

std::string field(const std::string& message, const std::string& name) {
  std::smatch found;
  const bool there = std::regex_search(message, found, std::regex("\"" + name + "\":\"([a-z_]*)\""));
  return there ? found[1].str() : message;
}

bool send_next(lws* wsi) {
  const Piece& piece = pieces[sent++];
  std::vector<unsigned char> room(LWS_PRE + piece.bytes.size());
  std::memcpy(room.data() + LWS_PRE, piece.bytes.data(), piece.bytes.size());
  return lws_write(wsi, room.data() + LWS_PRE, piece.bytes.size(), piece.kind) >= 0;
}

int on_event(lws* wsi, lws_callback_reasons reason, void*, void* bytes, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
      lws_callback_on_writable(wsi);
      return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
      if (answers.size() > 1 || !send_next(wsi)) return -1;
      if (sent > 1 && sent < pieces.size()) lws_callback_on_writable(wsi);
      return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
      if (lws_is_first_fragment(wsi)) answers.emplace_back();
      answers.back().append(static_cast<const char*>(bytes), size);
      if (lws_is_final_fragment(wsi)) lws_callback_on_writable(wsi);
      return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      std::cerr << "no connection: " << (bytes ? static_cast<const char*>(bytes) : "") << "\n";
      over = true;
      return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
      over = true;
      return 0;
    default:
      return lws_callback_http_dummy(wsi, reason, nullptr, bytes, size);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  lws_set_log_level(LLL_ERR, nullptr);
  const lws_protocols protocols[] = {{"piste", on_event, 0, 65'536, 0, nullptr, 0}, {}};
  lws_context_creation_info made{};
  made.port = CONTEXT_PORT_NO_LISTEN;
  made.protocols = protocols;
  lws_context* context = lws_create_context(&made);
  if (!context) return 1;
  lws_client_connect_info to{};
  to.context = context;
  to.address = "127.0.0.1";
  to.port = std::atoi(argv[1]);
  to.path = "/stream";
  to.host = to.address;
  to.origin = to.address;
  to.local_protocol_name = "piste";
  if (!lws_client_connect_via_info(&to)) over = true;
  while (!over && lws_service(context, 0) >= 0) {
  }
  lws_context_destroy(context);
  if (answers.size() < 2) return 1;
  std::cout << field(answers[0], "type") << " " << field(answers[1], "status") << std::endl;
  return 0;
}
