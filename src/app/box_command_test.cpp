#include "app/box_command.h"

#include <gmock/gmock.h>

#include <fstream>

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

}  // namespace
}  // namespace piste::app
