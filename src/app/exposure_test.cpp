#include "app/exposure.h"

#include <gmock/gmock.h>

namespace piste::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Exposure, WithoutTokensOnlyThisMachineIsListenedTo) {
  EXPECT_EQ(listening_host({}, false, false), "127.0.0.1");
  EXPECT_EQ(listening_host({}, true, false), "0.0.0.0");
  EXPECT_EQ(listening_host({}, false, true), "0.0.0.0");
  EXPECT_EQ(listening_host("192.0.2.1", false, false), "192.0.2.1");
  EXPECT_EQ(listening_host("127.0.0.1", true, true), "127.0.0.1");
}

TEST(Exposure, AnOpenDoorIsPointedOut) {
  server::Options options;
  for (const auto* host : {"127.0.0.1", "127.0.0.2", "::1", "localhost"}) {
    options.host = host;
    EXPECT_THAT(exposure_warnings(options), IsEmpty()) << host;
  }
  for (const auto* host : {"0.0.0.0", "::", "192.0.2.1", "referee.example"}) {
    options.host = host;
    EXPECT_THAT(exposure_warnings(options), ElementsAre(HasSubstr("no tokens"))) << host;
  }
  options.tokens_file = "tokens";
  EXPECT_THAT(exposure_warnings(options), ElementsAre(HasSubstr("in the clear")));
  options.tls_certificate = "certificate.pem";
  EXPECT_THAT(exposure_warnings(options), IsEmpty());
}

}  // namespace
}  // namespace piste::app
