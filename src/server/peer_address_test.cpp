#include "server/peer_address.h"

#include <gmock/gmock.h>

namespace piste::server {
namespace {

using asio::ip::make_address;

std::string client_of(const char* peer, std::vector<const char*> forwarded, const char* trusted) {
  Request request;
  for (const char* value : forwarded) request.insert("X-Forwarded-For", value);
  return client_address(make_address(peer), request, *TrustedProxies::parse(trusted)).to_string();
}

TEST(PeerAddress, NobodyIsBelievedWithoutTrust) {
  EXPECT_EQ(client_of("192.0.2.1", {"198.51.100.7"}, ""), "192.0.2.1");
  EXPECT_EQ(client_of("192.0.2.1", {"198.51.100.7"}, "192.0.2.2"), "192.0.2.1");
}

TEST(PeerAddress, ATrustedProxyIsBelievedAboutItsOwnPeerOnly) {
  EXPECT_EQ(client_of("127.0.0.1", {"198.51.100.7"}, "127.0.0.1"), "198.51.100.7");
  EXPECT_EQ(client_of("127.0.0.1", {"10.9.9.9, 198.51.100.7"}, "127.0.0.1"), "198.51.100.7")
      << "what the client wrote itself";
  EXPECT_EQ(client_of("127.0.0.1", {"10.9.9.9", "198.51.100.7"}, "127.0.0.1"), "198.51.100.7");
  EXPECT_EQ(client_of("127.0.0.1", {"198.51.100.7, 10.1.2.3"}, "127.0.0.1, 10.0.0.0/8"), "198.51.100.7")
      << "two proxies";
  EXPECT_EQ(client_of("127.0.0.1", {"203.0.113.1, 203.0.113.2, 198.51.100.7"}, "127.0.0.1"), "198.51.100.7")
      << "what stands before the last one anybody may have written";
  EXPECT_EQ(client_of("127.0.0.1", {}, "127.0.0.1"), "127.0.0.1");
}

TEST(PeerAddress, WhatIsNoAddressEndsTheSearch) {
  for (const char* nonsense : {"", "unknown", ",", "198.51.100.7, _hidden", "a\nb", "999.1.1.1"}) {
    EXPECT_EQ(client_of("127.0.0.1", {nonsense}, "127.0.0.1"), "127.0.0.1") << nonsense;
  }
}

TEST(PeerAddress, PortsAndBracketsAreRead) {
  EXPECT_EQ(client_of("::1", {"198.51.100.7:4711"}, "::1"), "198.51.100.7");
  EXPECT_EQ(client_of("::1", {"[2001:db8::1]:4711"}, "::1"), "2001:db8::1");
  EXPECT_EQ(client_of("::ffff:127.0.0.1", {"2001:db8::1"}, "127.0.0.0/8"), "2001:db8::1")
      << "IPv4 on a socket for both";
}

TEST(PeerAddress, NonsenseInTheListOfProxiesIsNamed) {
  for (const char* list : {"localhost", "10.0.0.0/40", "1.2.3.4,,5.6.7.8", "1.2.3", "::/129"}) {
    EXPECT_FALSE(TrustedProxies::parse(list)) << list;
  }
  EXPECT_TRUE(TrustedProxies::parse("127.0.0.1,2001:db8::/32, 10.0.0.0/8"));
}

TEST(PeerAddress, LimitsCountASubscriber) {
  EXPECT_EQ(limit_key(make_address("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(limit_key(make_address("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(limit_key(make_address("2001:db8:1:2:3:4:5:6")), limit_key(make_address("2001:db8:1:2::9")));
  EXPECT_NE(limit_key(make_address("2001:db8:1:2::1")), limit_key(make_address("2001:db8:1:3::1")));
}

}  // namespace
}  // namespace piste::server
