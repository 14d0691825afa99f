// Real lines: pseudo terminals and sockets.
#include "inlets/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/steady.h"
#include "inlets/descriptor.h"
#include "inlets/heard.h"
#include "support/temp_dir.h"

namespace piste::inlets {
namespace {

using boxes::Protocol;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;

const std::string stopped("\xff\x00\x00\x56\x02\x00\x01\x00\x00\x58", 10);
const std::string green("\xff\x00\x00\x56\x02\x08\x01\x00\x00\x60", 10);
const std::string green_lamp = R"("side":"right","state":"valid")";
const std::string link_up = R"("event":"link","at_ms":0,"error_ms":0,"on":true)";
const std::string link_down = R"("event":"link","at_ms":0,"error_ms":0,"on":false)";

// A box at a serial line's other end, whose cable can be pulled: the name stays, as /dev/serial/by-id has it.
class Cable {
 public:
  explicit Cable(std::filesystem::path name) : name_(std::move(name)) { plug(); }

  void plug() {
    master_ = Descriptor(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    char line[128];
    if (grantpt(master_.get()) != 0 || unlockpt(master_.get()) != 0 ||
        ptsname_r(master_.get(), line, sizeof line) != 0)
      throw std::runtime_error("no pseudo terminal");
    std::filesystem::create_symlink(line, name_);
  }
  void pull() {
    std::filesystem::remove(name_);
    master_ = Descriptor(-1);
  }
  void send(const std::string& bytes) const {
    if (write(master_.get(), bytes.data(), bytes.size()) < 0) throw std::runtime_error("nobody at the line");
  }
  void drain() const {
    char bytes[4096];
    if (heard_anything() && read(master_.get(), bytes, sizeof bytes) < 0) throw std::runtime_error("drain");
  }
  // Bytes that came from the listener.
  bool heard_anything() const {
    pollfd waiting{master_.get(), POLLIN, 0};
    return poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0;
  }
  speed_t speed() const {
    const termios found = mode();
    return cfgetispeed(&found);
  }
  termios mode() const {
    termios found{};
    tcgetattr(master_.get(), &found);
    return found;
  }

 private:
  const std::filesystem::path name_;
  Descriptor master_{-1};
};

class ListenerTest : public testing::Test {
 protected:
  Box serial_box(Protocol protocol = Protocol::favero) const {
    return {.address = Serial{(folder / "box").string(), {}}, .protocol = protocol, .settings = {}};
  }
  // Until it was heard: who opens the line flushes what came before.
  bool send_until(const Cable& cable, const std::string& frame, const std::string& told,
                  std::size_t times = 1) {
    return Heard::await([&] {
      cable.send(frame);
      std::this_thread::sleep_for(milliseconds(20));
      return heard.count(told) >= times;
    });
  }

  test::TempDir folder;
  Heard heard;
};

TEST_F(ListenerTest, ASerialLineIsHeardAtItsRateAndNotSpokenTo) {
  const Cable cable(folder / "box");
  const double before = base::steady_seconds();
  const Listener listener(serial_box(), heard.hearer());
  ASSERT_TRUE(send_until(cable, stopped, link_up));
  cable.drain();  // a terminal echoes until it is told not to
  ASSERT_TRUE(send_until(cable, green, green_lamp));
  EXPECT_EQ(cable.speed(), B2400);
  EXPECT_EQ(cable.mode().c_lflag & (ICANON | ECHO), 0U);
  EXPECT_FALSE(cable.heard_anything());
  for (const boxes::Event& event : heard.events()) {
    EXPECT_GT(event.moment.at, before - 0.2);
    EXPECT_LT(event.moment.at, base::steady_seconds());
  }
}

TEST_F(ListenerTest, AnUnpluggedCableIsToldAtOnceAndHealsWhenItIsBack) {
  Cable cable(folder / "box");
  const Listener listener(serial_box(), heard.hearer());
  ASSERT_TRUE(send_until(cable, green, green_lamp));
  const double pulled = base::steady_seconds();
  cable.pull();
  ASSERT_TRUE(heard.await(link_down));
  EXPECT_LT(heard.events().back().moment.at - pulled, 1.0);  // Favero's silence would be 2 s
  EXPECT_TRUE(Heard::await([&] { return !heard.notices().empty(); }));
  cable.plug();
  ASSERT_TRUE(send_until(cable, green, green_lamp, 2));
  EXPECT_EQ(heard.count(link_up), 2U);
  EXPECT_EQ(heard.count(link_down), 1U);
  EXPECT_EQ(heard.count("lit before the box was heard"), 2U);  // nobody knows what was in between
}

TEST_F(ListenerTest, SilenceIsToldWhileTheCableIsThere) {
  const Cable cable(folder / "box");
  const Listener listener(serial_box(), heard.hearer());
  ASSERT_TRUE(send_until(cable, stopped, link_up));
  ASSERT_TRUE(heard.await(link_down));
  EXPECT_THAT(heard.told(), Contains(HasSubstr("silent for 2.0 s")));
  ASSERT_TRUE(send_until(cable, stopped, link_up, 2));
}

TEST_F(ListenerTest, ALineThatIsNotThereYetIsWaitedFor) {
  const Listener listener(serial_box(), heard.hearer());
  ASSERT_TRUE(Heard::await([&] { return !heard.notices().empty(); }));
  std::this_thread::sleep_for(milliseconds(700));
  EXPECT_EQ(heard.notices().size(), 1U) << "said once, tried again and again";
  EXPECT_THAT(heard.notices()[0], HasSubstr("cannot be opened: No such file"));
  const Cable cable(folder / "box");
  EXPECT_TRUE(send_until(cable, green, green_lamp));
}

TEST_F(ListenerTest, TwoProgramsDoNotShareALine) {
  const Cable cable(folder / "box");
  const Listener listener(serial_box(), heard.hearer());
  ASSERT_TRUE(send_until(cable, stopped, link_up));
  Heard other;
  const Listener second(serial_box(), other.hearer());
  ASSERT_TRUE(Heard::await([&] { return !other.notices().empty(); }));
  EXPECT_THAT(other.notices()[0], HasSubstr("is read by another program"));
}

TEST_F(ListenerTest, WhatIsNoSerialLineIsSaid) {
  std::ofstream(folder / "box") << "a file";
  const Listener listener(serial_box(), heard.hearer());
  ASSERT_TRUE(Heard::await([&] { return !heard.notices().empty(); }));
  EXPECT_THAT(heard.notices()[0], HasSubstr("is no serial line"));
}

TEST_F(ListenerTest, ARateThatIsNoneEndsIt) {
  Box box = serial_box();
  std::get<Serial>(box.address).baud = 12345;
  const Listener listener(box, heard.hearer());
  ASSERT_TRUE(Heard::await([&] { return heard.notices().size() == 2; }));
  EXPECT_THAT(heard.notices()[0], HasSubstr("12345 baud"));
  EXPECT_EQ(heard.notices()[1], "over");
}

TEST_F(ListenerTest, BytesThatNobodyUnderstandsAreSaid) {
  const Cable cable(folder / "box");
  const Listener listener(serial_box(), heard.hearer());
  EXPECT_TRUE(Heard::await([&] {
    cable.send("wrong protocol ");
    std::this_thread::sleep_for(milliseconds(50));
    return !heard.notices().empty();
  }));
  EXPECT_THAT(heard.notices(), Contains(HasSubstr("nothing in them is favero")));
}

TEST_F(ListenerTest, SidesAreSwappedAndTheCamerasOffsetIsAdded) {
  const Cable cable(folder / "box");
  Box box = serial_box();
  box.settings.swap_sides = true;
  box.camera_offset = 100;
  const double before = base::steady_seconds();
  const Listener listener(box, heard.hearer());
  ASSERT_TRUE(send_until(cable, green, R"("side":"left","state":"valid")"));
  EXPECT_NEAR(heard.events().back().moment.at, before + 100, 20);
}

class Socket {
 public:
  explicit Socket(int type) : fd_(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {}
  std::uint16_t bind(const char* address = "127.0.0.1", std::uint16_t port = 0) const {
    sockaddr_in at = to(address, port);
    socklen_t size = sizeof at;
    const int yes = 1;
    setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&at), size) != 0) throw std::runtime_error("bind");
    getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&at), &size);
    return ntohs(at.sin_port);
  }
  void send(const std::string& bytes, std::uint16_t port, const char* address = "127.0.0.1") const {
    const sockaddr_in at = to(address, port);
    sendto(fd_.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  }
  // Nothing came within the time: empty.
  std::string receive(milliseconds limit) const {
    std::array<char, 2000> buffer;
    pollfd waiting{fd_.get(), POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(limit.count())) <= 0) return {};
    return {buffer.data(),
            static_cast<std::size_t>(std::max<ssize_t>(0, recv(fd_.get(), buffer.data(), buffer.size(), 0)))};
  }
  int get() const { return fd_.get(); }

 private:
  static sockaddr_in to(const char* address, std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    inet_pton(AF_INET, address, &at.sin_addr);
    return at;
  }
  Descriptor fd_;
};

std::uint16_t free_port() {
  return Socket(SOCK_DGRAM).bind();
}

const std::string info =
    "|EFP1.1|INFO|17|eq|1|A32|12|2|10:30|3:00|I|S||F||||%|28|P|FRA|8|V|0|0|1|0|0|N|%|32|B|ITA|6|D|0|0|0|0|0|"
    "N|%|";

bool send_info(const Heard& heard, const Socket& box, std::uint16_t port, const char* address = "127.0.0.1") {
  return Heard::await([&] {
    box.send(info, port, address);
    std::this_thread::sleep_for(milliseconds(20));
    return heard.count(green_lamp) > 0;
  });
}

TEST_F(ListenerTest, DatagramsAreHeardAndNotAnswered) {
  const Socket box(SOCK_DGRAM);
  box.bind();
  const std::uint16_t port = free_port();
  const Listener listener({.address = Udp{"127.0.0.1", port}, .protocol = Protocol::cyrano, .settings = {}},
                          heard.hearer());
  EXPECT_TRUE(send_info(heard, box, port));
  box.send("|EFP1.1|HELLO|17|eq|%|", port);
  EXPECT_EQ(box.receive(milliseconds(500)), "");
}

TEST_F(ListenerTest, AGroupsDatagramsAreHeard) {
  const Socket box(SOCK_DGRAM);
  const std::uint16_t port = free_port();
  const int stays_here = 0;
  setsockopt(box.get(), IPPROTO_IP, IP_MULTICAST_TTL, &stays_here, sizeof stays_here);
  const Listener listener({.address = Udp{"239.9.8.7", port}, .protocol = Protocol::cyrano, .settings = {}},
                          heard.hearer());
  if (!send_info(heard, box, port, "239.9.8.7")) GTEST_SKIP() << "skipped: no multicast on this machine";
}

TEST_F(ListenerTest, ABoxIsGreetedOnlyWhereThatIsAskedFor) {
  const Socket box(SOCK_DGRAM);
  const std::uint16_t at = box.bind();
  const std::uint16_t port = free_port();
  const Listener listener({.address = Udp{"127.0.0.1", port},
                           .protocol = Protocol::cyrano,
                           .settings = {},
                           .greeting = Greeting{"127.0.0.1", at, "17"}},
                          heard.hearer());
  EXPECT_EQ(box.receive(seconds(10)), "|EFP1.1|HELLO|17||%|");
  EXPECT_TRUE(send_info(heard, box, port));
}

TEST_F(ListenerTest, APortThatIsTakenIsSaid) {
  const Socket other(SOCK_DGRAM);
  const std::uint16_t port = other.bind();
  const Listener listener({.address = Udp{"127.0.0.1", port}, .protocol = Protocol::cyrano, .settings = {}},
                          heard.hearer());
  ASSERT_TRUE(Heard::await([&] { return !heard.notices().empty(); }));
  EXPECT_THAT(heard.notices()[0], HasSubstr("cannot be listened to: Address already in use"));
}

TEST_F(ListenerTest, ASerialServerThatGoesAndComesBackIsHeardAgain) {
  auto server = std::make_unique<Socket>(SOCK_STREAM);
  const std::uint16_t port = server->bind();
  ::listen(server->get(), 1);
  const Listener listener({.address = Tcp{"127.0.0.1", port}, .protocol = Protocol::lines, .settings = {}},
                          heard.hearer());
  const std::string hit = "{\"event\":\"lamp\",\"side\":\"right\",\"state\":\"valid\"}\n";
  for (std::size_t round = 1; round <= 2; ++round) {
    Descriptor peer(accept(server->get(), nullptr, nullptr));
    ASSERT_TRUE(peer.ok());
    ASSERT_EQ(write(peer.get(), hit.data(), hit.size()), static_cast<ssize_t>(hit.size()));
    ASSERT_TRUE(heard.await(green_lamp, round));
    char byte = 0;
    EXPECT_LT(recv(peer.get(), &byte, 1, MSG_DONTWAIT), 0) << "nothing is said to it";
    peer = Descriptor(-1);
    server.reset();  // nobody is there for a while
    ASSERT_TRUE(heard.await(link_down, round))
        << "lines may be silent for ever, a closed connection is the end";
    server = std::make_unique<Socket>(SOCK_STREAM);
    server->bind("127.0.0.1", port);
    ::listen(server->get(), 1);
  }
  EXPECT_EQ(heard.count(link_up), 2U);
}

TEST_F(ListenerTest, ItEndsWhileItWaitsForAPeer) {
  const auto start = std::chrono::steady_clock::now();
  {  // an address that answers nobody
    const Listener listener({.address = Tcp{"192.0.2.1", 4001}, .protocol = Protocol::lines, .settings = {}},
                            heard.hearer());
    std::this_thread::sleep_for(milliseconds(200));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(3));
}

}  // namespace
}  // namespace piste::inlets
