// Scoring boxes: a simulated one, referee_box and the service, as they are built.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include "service.h"
#include "support/cut_proxy.h"

namespace piste::e2e {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// Someone who taps, as datagrams.
class Taps {
 public:
  Taps() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in at = to(0);
    socklen_t size = sizeof at;
    if (bind(probe, reinterpret_cast<sockaddr*>(&at), size) != 0) throw std::runtime_error("no port");
    getsockname(probe, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    close(probe);
  }
  ~Taps() { close(fd_); }
  Taps(const Taps&) = delete;
  Taps& operator=(const Taps&) = delete;
  std::string place() const { return "udp:127.0.0.1:" + std::to_string(port_); }
  void tap(int times = 1) const {
    const std::string event = R"({"event":"lamp","side":"left","state":"valid"})";
    const sockaddr_in at = to(port_);
    for (int i = 0; i < times; ++i) {
      sendto(fd_, event.data(), event.size(), 0, reinterpret_cast<const sockaddr*>(&at), sizeof at);
      std::this_thread::sleep_for(milliseconds(2));
    }
  }

 private:
  static sockaddr_in to(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
  }
  int fd_;
  std::uint16_t port_ = 0;
};

// The statistics of the boxes, once they have this in them. meanwhile: done again and again.
bool box_shows(const Service& service, const std::string& part, const std::function<void()>& meanwhile = {}) {
  const auto until = std::chrono::steady_clock::now() + test::patience;
  while (std::chrono::steady_clock::now() < until) {
    const auto stats = service.stats();
    if (const auto* boxes = stats.if_contains("boxes");
        boxes && json::serialize(*boxes).find(part) != std::string::npos)
      return true;
    if (meanwhile) meanwhile();
    std::this_thread::sleep_for(milliseconds(20));
  }
  return false;
}

test::Command referee_box(const std::string& place, const std::string& protocol, std::uint16_t port) {
  return {
      program("referee_box"),
      {"--piste", "A", "--box", place, "--protocol", protocol, "http://127.0.0.1:" + std::to_string(port)},
      {},
      {}};
}

test::Command simulate(const std::filesystem::path& script) {
  return {program("referee"),
          {"box", "simulate", "favero", script.string(), "--to", "pty", "--tail", "60"},
          {},
          {}};
}

// Where it plays.
std::string line_of(test::Process& box) {
  if (!box.await("the box is at /dev/")) throw std::runtime_error(box.err());
  const std::string said = box.err();
  const auto begin = said.find("/dev/");
  return said.substr(begin, said.find('\n', begin) - begin);
}

TEST(Boxes, NothingIsLostOrToldTwiceWhenTheServiceIsKilledAndTheWayIsCut) {
  Service service;
  test::CutProxy proxy(service.port());
  const Taps taps;
  test::Process box(referee_box(taps.place(), "lines", proxy.port()));
  ASSERT_TRUE(box.await("The service hears of piste A")) << box.err();
  taps.tap(40);
  ASSERT_TRUE(box_shows(service, "\"events\":41,")) << "and the link";
  proxy.cut();
  taps.tap(10);
  ASSERT_TRUE(box_shows(service, "\"events\":51,"));
  service.process().signal(SIGKILL);
  taps.tap(20);
  service.kill_and_start();
  proxy.lead_to(service.port());
  taps.tap(30);
  EXPECT_TRUE(box_shows(service, "\"events\":101,")) << "the last minute once more, and what came meanwhile";
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_TRUE(box_shows(service, "\"events\":101,"));
  box.signal(SIGTERM);
  EXPECT_EQ(box.wait(), 0) << box.err();
}

TEST(Boxes, ASimulatedBoxIsHeardThroughRefereeBoxAndMissedWhenItGoes) {
  Service service;
  test::TempDir folder;
  std::ofstream(folder / "script") << R"({"event":"clock","at_ms":100,"running":true,"seconds":180})"
                                      "\n"
                                   << R"({"event":"lamp","at_ms":600,"side":"left","state":"valid"})"
                                      "\n";
  auto simulated = std::make_unique<test::Process>(simulate(folder / "script"));
  const auto place = folder / "line";
  std::filesystem::create_symlink(line_of(*simulated), place);
  test::Process box(referee_box("serial:" + place.string(), "favero", service.port()));
  ASSERT_TRUE(box_shows(service, R"("told_by":"program","connected":true,"link":true)"));
  simulated.reset();
  ASSERT_TRUE(box_shows(service, R"("link":false,"note":")")) << box.err();
  std::filesystem::remove(place);
  simulated = std::make_unique<test::Process>(simulate(folder / "script"));
  std::filesystem::create_symlink(line_of(*simulated), place);
  EXPECT_TRUE(box_shows(service, R"("link":true)")) << box.err();
  box.signal(SIGKILL);
  EXPECT_TRUE(box_shows(service, R"("connected":false)"));
}

TEST(Boxes, TheServiceHearsABoxItselfAndReadsItsFileAgain) {
  test::TempDir folder;
  const auto file = folder / "boxes";
  const Taps a, b;
  std::ofstream(file) << "# piste place protocol\nA " << a.place() << " lines\n";
  Service service({"--boxes", file.string()});
  ASSERT_TRUE(box_shows(service, R"("A":{"protocol":"lines","told_by":"service","link":false,"events":0)"));
  // A datagram is lost while nobody has opened its port.
  ASSERT_TRUE(box_shows(service, R"("link":true)", [&] { a.tap(); }));
  std::ofstream(file, std::ios::app) << "B " << b.place() << " lines\n";
  service.process().signal(SIGHUP);
  ASSERT_TRUE(box_shows(service, R"("B":{"protocol":"lines")"));
  EXPECT_TRUE(box_shows(service, R"("A":{"protocol":"lines","told_by":"service","link":true)"))
      << "heard on: who is heard anew has no link yet";
  std::ofstream(file, std::ios::app) << "C com1 lines\n";
  service.process().signal(SIGHUP);
  ASSERT_TRUE(service.process().await("Boxes not read again"));
  EXPECT_THAT(service.log(), HasSubstr("line 4: \"com1\" is no place of a box"));
  EXPECT_TRUE(
      box_shows(service, R"("B":{"protocol":"lines","told_by":"service","link":true)", [&] { b.tap(); }));
  const auto refused =
      run("referee_box", {"--piste", "A", "--box", Taps().place(), "--protocol", "lines", service.url()});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("The service hears the box of piste A itself"));
}

TEST(Boxes, AFileThatIsWrongIsNoStart) {
  test::TempDir folder;
  std::ofstream(folder / "boxes") << "A udp:50100\n";
  const auto ended = run("referee_service", {"--port", "0", "--output-dir", (folder / "out").string(),
                                             "--boxes", (folder / "boxes").string()});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("line 1: a line is PISTE PLACE PROTOCOL"));
}

TEST(Boxes, WhoHasNoTokenTellsNothing) {
  test::TempDir folder;
  const auto made = run("referee", {"token", "club"});
  ASSERT_EQ(made.code, 0) << made.err;
  const auto line = made.out.find("club sha256:");
  ASSERT_NE(line, std::string::npos) << made.out;
  std::ofstream(folder / "tokens") << made.out.substr(line, made.out.find('\n', line) - line) << '\n';
  Service service({"--host", "127.0.0.1", "--tokens-file", (folder / "tokens").string()});
  const auto ended =
      run("referee_box", {"--piste", "A", "--box", Taps().place(), "--protocol", "lines", service.url()});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("401"));
}

TEST(Boxes, UsageThatIsWrongSaysWhatWouldBeRight) {
  const auto wrong = [](std::vector<std::string> more) {
    std::vector<std::string> arguments{"--piste", "A", "--protocol", "favero", "http://localhost:1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto ended = run("referee_box", arguments);
    EXPECT_EQ(ended.code, 2);
    return ended.err;
  };
  EXPECT_THAT(wrong({"--box", "com1"}), HasSubstr("serial:DEVICE[@BAUD]"));
  EXPECT_THAT(wrong({"--box", "udp:50100", "--hello", "10.0.0.5"}),
              HasSubstr("hello is for cyrano over udp"));
  EXPECT_THAT(wrong({"--box", "udp:50100", "--camera-offset", "soon"}),
              HasSubstr("milliseconds from -5000 to 5000"));
}

}  // namespace
}  // namespace piste::e2e
