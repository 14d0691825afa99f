// The yardstick: a bare TCP server that writes what comes to a file and sends one byte back for each frame.
// No WebSocket, no checks, one blocking thread a connection.
#pragma once

#include <cstdint>
#include <filesystem>

namespace piste::bench {

// Comes before each frame, in the machine's byte order.
using SinkLength = std::uint64_t;

// Serves until the process is ended. ready: called with the port once it listens. Files go into the
// directory.
[[noreturn]] void run_tcp_sink(const std::filesystem::path& directory,
                               void (*ready)(std::uint16_t port, int channel), int channel);

}  // namespace piste::bench
