#include "app/invitation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace piste::app {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Invitation, NamesAnAddressThatAPhoneCanOpen) {
  const std::string text = invitation("https://0.0.0.0:8443", {"192.168.1.20", "10.0.0.7"});
  EXPECT_THAT(text, StartsWith("The page: https://192.168.1.20:8443/\n"));
  EXPECT_THAT(text, HasSubstr(qr_code("https://192.168.1.20:8443/")));
  EXPECT_THAT(text, Not(HasSubstr("https only")));
  EXPECT_THAT(text, HasSubstr("http://192.168.1.20:8443/trust\n"));
}

TEST(Invitation, SaysThatAPhoneFilmsOnHttpsOnly) {
  EXPECT_THAT(invitation("http://0.0.0.0:8080", {"192.168.1.20"}), HasSubstr("https only"));
}

TEST(Invitation, HasNoCodeForWhatNoPhoneReaches) {
  for (const char* url : {"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"}) {
    EXPECT_THAT(invitation(url, {"192.168.1.20"}), Not(HasSubstr("█"))) << url;
  }
}

TEST(QrCode, IsASquareWithItsQuietZone) {
  const std::string code = qr_code("http://192.168.1.20:8080/");
  const auto lines = std::count(code.begin(), code.end(), '\n');
  EXPECT_EQ(lines, 15);  // 25 modules and two on each side, two a line
  EXPECT_THAT(code, StartsWith("█████████████████████████████\n"));
  EXPECT_NE(code, qr_code("http://192.168.1.21:8080/"));
}

TEST(NetworkAddresses, AreNoLoopback) {
  EXPECT_THAT(network_addresses(), Not(testing::Contains(StartsWith("127."))));
}

}  // namespace
}  // namespace piste::app
