#include "inlets/address.h"

#include <gmock/gmock.h>

namespace piste::inlets {
namespace {

using testing::HasSubstr;

TEST(BoxAddress, EveryFormIsRead) {
  EXPECT_EQ(*parse_address("serial:/dev/ttyUSB0"), Address(Serial{"/dev/ttyUSB0", {}}));
  EXPECT_EQ(*parse_address("serial:/dev/ttyUSB0@9600"), Address(Serial{"/dev/ttyUSB0", 9600}));
  EXPECT_EQ(*parse_address("udp:50100"), Address(Udp{"", 50100}));
  EXPECT_EQ(*parse_address("udp:10.0.0.7:50101"), Address(Udp{"10.0.0.7", 50101}));
  EXPECT_EQ(*parse_address("udp:[ff02::1]:50101"), Address(Udp{"ff02::1", 50101}));
  EXPECT_EQ(*parse_address("tcp:box.local:4001"), Address(Tcp{"box.local", 4001}));
  EXPECT_EQ(*parse_address("mqtt://broker"), Address(Mqtt{"", "", "broker", 1883, "openpiste/#"}));
  EXPECT_EQ(*parse_address("mqtt://me:a@b@broker:8000/openpiste/17/#"),
            Address(Mqtt{"me", "a@b", "broker", 8000, "openpiste/17/#"}));
  EXPECT_EQ(*parse_address("-"), Address(StandardInput{}));
}

TEST(BoxAddress, WhatIsNoneIsAnswerdWithWhatWouldBe) {
  for (const char* wrong : {"", "serial:", "serial:@9600", "serial:/dev/x@fast", "serial:/dev/x@-1",
                            "udp:", "udp:host", "udp:70000", "tcp:4001", "tcp:host", "tcp:host:0",
                            "tcp::4001", "mqtt:host", "mqtt://", "mqtt://:1883", "com1", "/dev/x"}) {
    const auto read = parse_address(wrong);
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().code, ErrorCode::usage);
    EXPECT_THAT(read.error().message, HasSubstr("serial:DEVICE[@BAUD]")) << wrong;
  }
}

TEST(BoxAddress, IsShownWithoutThePassword) {
  for (const char* text : {"serial:/dev/x@9600", "udp:50100", "udp:10.0.0.7:50101", "tcp:[::1]:4001"})
    EXPECT_EQ(to_string(*parse_address(text)), text);
  EXPECT_EQ(to_string(*parse_address("mqtt://me:secret@broker/a/#")), "mqtt://broker:1883/a/#");
}

}  // namespace
}  // namespace piste::inlets
