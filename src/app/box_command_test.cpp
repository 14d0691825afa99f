#include "app/box_command.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "app/box_outlet.h"
#include "app/command_test.h"

namespace piste::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class BoxCommand : public CommandTest {
 protected:
  BoxCommand() : CommandTest("box", add_box_command) {}

  // What is printed when the bytes are decoded.
  std::string decode(const std::string& protocol, const std::string& bytes, const std::string& options = "") {
    std::ofstream(path("box.bin"), std::ios::binary) << bytes;
    testing::internal::CaptureStdout();
    code = run("decode " + protocol + " " + path("box.bin") + " " + options);
    return testing::internal::GetCapturedStdout();
  }

  int code = -1;
};

const std::string green_frame("\xff\x00\x00\x56\x02\x08\x01\x00\x34\x94", 10);

TEST_F(BoxCommand, DecodePrintsEventsAsJsonLines) {
  const std::string out = decode("favero", green_frame);
  EXPECT_EQ(code, 0);
  EXPECT_THAT(out, StartsWith(R"({"event":"link","at_ms":-31.3,"error_ms":31,"on":true})"));
  EXPECT_THAT(out,
              HasSubstr(R"({"event":"lamp","at_ms":-31.3,"error_ms":31,"side":"right","state":"valid")"));
  EXPECT_THAT(said, HasSubstr("favero: 1 messages, 0 bytes outside"));
}

TEST_F(BoxCommand, SidesMayBeSwapped) {
  EXPECT_THAT(decode("favero", green_frame, "--swap-sides"), HasSubstr(R"("side":"left","state":"valid")"));
}

TEST_F(BoxCommand, NothingOfTheProtocolIsSaid) {
  EXPECT_EQ(decode("favero", "nothing a box says"), "");
  EXPECT_EQ(code, 1);
  EXPECT_THAT(said, HasSubstr("nothing in it is favero"));
  EXPECT_EQ(decode("skewered", ""), "");
  EXPECT_EQ(code, 1);
}

TEST_F(BoxCommand, WhatCannotBeReadIsSaid) {
  EXPECT_EQ(run("decode favero " + path("none.bin")), 2);
  EXPECT_THAT(said, HasSubstr("cannot be opened"));
  EXPECT_EQ(run("decode favero " + path("")), 2);
  EXPECT_THAT(said, HasSubstr("cannot be read"));
  EXPECT_GT(run("decode morse " + path("none.bin")), 100);
}

const std::string script = R"({"event":"clock","at_ms":1000,"running":true,"seconds":180}
{"event":"lamp","at_ms":4200,"side":"left","state":"valid"}
{"event":"lamp","at_ms":7000,"side":"left","state":"off"}
)";

TEST_F(BoxCommand, WhatIsSimulatedIsDecoded) {
  std::ofstream(path("script.jsonl")) << script;
  for (const char* protocol : {"skewered", "fpa", "stgeorge", "favero", "cyrano", "efp2", "opp2", "lines"}) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(run(std::string("simulate ") + protocol + " " + path("script.jsonl") + " --fast --tail 1"), 0);
    const std::string bytes = testing::internal::GetCapturedStdout();
    EXPECT_THAT(decode(protocol, bytes), HasSubstr(R"("side":"left","state":"valid")")) << protocol;
    EXPECT_EQ(code, 0) << protocol;
  }
}

TEST_F(BoxCommand, ASimulatedBoxSendsDatagrams) {
  const int receiver = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(receiver, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(getsockname(receiver, reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::ofstream(path("script.jsonl")) << script;
  const std::string port = std::to_string(ntohs(address.sin_port));
  EXPECT_EQ(run("simulate cyrano " + path("script.jsonl") + " --fast --to udp:127.0.0.1:" + port), 0);
  std::string datagrams;
  std::array<char, 2000> buffer;
  for (ssize_t got = 0; (got = recv(receiver, buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0;)
    datagrams += std::string(buffer.data(), static_cast<std::size_t>(got)) + "\n";
  close(receiver);
  EXPECT_THAT(decode("cyrano", datagrams), HasSubstr(R"("side":"left","state":"valid")"));
}

TEST_F(BoxCommand, ASimulatedBoxHasAPseudoTerminal) {
  testing::internal::CaptureStderr();
  auto opened = open_outlet("pty", false);
  const std::string told = testing::internal::GetCapturedStderr();
  ASSERT_EQ(opened.index(), 0U);
  const std::string name = told.substr(told.find("/dev/"), told.find('\n') - told.find("/dev/"));
  const int line = open(name.c_str(), O_RDONLY | O_NOCTTY);
  ASSERT_GE(line, 0) << name;
  Outlet& outlet = *std::get<0>(opened);
  EXPECT_TRUE(outlet.send({0, green_frame, {}, false}));
  std::array<char, 20> buffer;
  EXPECT_EQ(read(line, buffer.data(), buffer.size()), 10);
  EXPECT_EQ(std::string(buffer.data(), 10), green_frame);
  close(line);
  // Nobody reads: bytes are lost, as on a line, and the box goes on.
  for (int i = 0; i < 3000; ++i) ASSERT_TRUE(outlet.send({0, green_frame, {}, false}));
}

TEST_F(BoxCommand, AScriptThatIsWrongIsNamed) {
  const auto simulate = [&](const std::string& text, const std::string& to = "-") {
    std::ofstream(path("script.jsonl")) << text;
    EXPECT_EQ(run("simulate favero " + path("script.jsonl") + " --fast --to " + to), 2);
    return said;
  };
  EXPECT_THAT(simulate("{\"event\":\"lamp\"}\n"), HasSubstr("line 1: \"side\" must be one of left, right"));
  EXPECT_THAT(simulate(""), HasSubstr("has no event"));
  EXPECT_THAT(simulate("{\"event\":\"lockout\",\"on\":true,\"at_ms\":-1}\n"),
              HasSubstr("between 0 and four hours"));
  EXPECT_THAT(simulate(script, "com1"), HasSubstr("\"com1\" is no place to send to"));
  EXPECT_THAT(simulate(script, "udp:127.0.0.1"), HasSubstr("udp:HOST:PORT"));
  EXPECT_THAT(simulate(script, "mqtt:localhost"), HasSubstr("only opp2 goes over MQTT"));
  EXPECT_EQ(run("simulate opp2 " + path("script.jsonl") + " --to mqtt:127.0.0.1:1 --fast"), 2);
  EXPECT_THAT(said, testing::AnyOf(HasSubstr("cannot be reached"), HasSubstr("without libmosquitto-dev")));
}

}  // namespace
}  // namespace piste::app
