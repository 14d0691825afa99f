// referee_client_streaming: one phrase through the WebSocket, from its first frame to the verdict.
#pragma once

#include <memory>

#include "client/console.h"
#include "client/frame_source.h"
#include "client/options.h"

namespace piste::client {

class StreamingClient {
 public:
  // Opens nothing yet.
  StreamingClient(StreamingOptions options, Console console);
  // With a source of the caller's instead of the one that the options name.
  StreamingClient(StreamingOptions options, FrameSource source, Console console);
  ~StreamingClient();

  // SIGINT and SIGTERM do as interrupt() does, for as long as run() runs. A third one ends the program.
  void interrupt_on_signals();
  // Streams and waits for the verdict. Returns the program's exit code (client/error.h). Once only.
  int run();
  // From any thread. The first one ends a camera's recording, and the phrase goes on to its verdict; the
  // second one, or the first one with a file, gives the phrase up.
  void interrupt();

 private:
  class Phrase;
  std::unique_ptr<Phrase> phrase_;
};

// phrase_20251106_123045_3f9a2c: unlikely to be another client's.
std::string make_session_id();

}  // namespace piste::client
