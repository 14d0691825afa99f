// A serial line that is only read.
#include <fcntl.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <array>

#include "inlets/descriptor.h"

namespace piste::inlets {
namespace {

struct Rate {
  int baud;
  speed_t speed;
};
constexpr std::array rates{Rate{1'200, B1200},     Rate{2'400, B2400},     Rate{4'800, B4800},
                           Rate{9'600, B9600},     Rate{19'200, B19200},   Rate{38'400, B38400},
                           Rate{57'600, B57600},   Rate{115'200, B115200}, Rate{230'400, B230400},
                           Rate{460'800, B460800}, Rate{921'600, B921600}};

// Eight bits, no parity, no flow control, byte by byte.
bool make_raw(int fd, speed_t speed) {
  termios mode{};
  if (tcgetattr(fd, &mode) != 0) return false;
  cfmakeraw(&mode);
  mode.c_cflag |= CREAD | CLOCAL;
  mode.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS | HUPCL);  // HUPCL: some boards start anew with it
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  return cfsetspeed(&mode, speed) == 0 && tcsetattr(fd, TCSANOW, &mode) == 0;
}

// USB adapters collect bytes for up to 16 ms, unless they are asked not to. Those that cannot say so, and
// have nothing to collect, are no worse.
void hurry(int fd) {
  serial_struct line{};
  if (ioctl(fd, TIOCGSERIAL, &line) != 0) return;
  line.flags |= ASYNC_LOW_LATENCY;
  ioctl(fd, TIOCSSERIAL, &line);
}

Error unusable(const Serial& line, const std::string& why) {
  return {ErrorCode::lost, line.device + " " + why};
}

}  // namespace

Opened open_serial(const Serial& line, int baud) {
  const auto* rate = std::ranges::find(rates, baud, &Rate::baud);
  if (rate == rates.end())
    return Error{ErrorCode::usage, std::to_string(baud) + " baud is no rate of a serial line"};
  Descriptor device(open(line.device.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!device.ok()) return unusable(line, "cannot be opened: " + system_error());
  if (!isatty(device.get())) return unusable(line, "is no serial line");
  if (flock(device.get(), LOCK_EX | LOCK_NB) != 0) return unusable(line, "is read by another program");
  if (!make_raw(device.get(), rate->speed)) return unusable(line, "cannot be set up: " + system_error());
  hurry(device.get());
  tcflush(device.get(), TCIOFLUSH);  // what came before has no time, nor is it to be echoed
  return std::unique_ptr<Inlet>(
      std::make_unique<StreamInlet>(std::move(device), unusable(line, "is unplugged")));
}

}  // namespace piste::inlets
