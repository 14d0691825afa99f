#include "server/byte_range.h"

#include <gtest/gtest.h>

#include <string>

namespace piste::server {
namespace {

using Kind = WantedBytes::Kind;

struct Case {
  std::string header;
  Kind kind;
  ByteRange range = {};
  std::uint64_t size = 100;
};

TEST(ByteRange, FollowsTheTable) {
  const std::string endless(40, '9');
  for (const Case& one : {
           Case{"bytes=0-0", Kind::part, {0, 1}},
           Case{"bytes=0-99", Kind::part, {0, 100}},
           Case{"bytes=0-", Kind::part, {0, 100}},
           Case{"bytes=5-", Kind::part, {5, 95}},
           Case{"bytes=99-", Kind::part, {99, 1}},
           Case{"bytes=10-19", Kind::part, {10, 10}},
           Case{"bytes=90-1000", Kind::part, {90, 10}},
           Case{"bytes=-1", Kind::part, {99, 1}},
           Case{"bytes=-1000", Kind::part, {0, 100}},
           Case{"Bytes=1-2", Kind::part, {1, 2}},
           Case{"bytes=1-" + endless, Kind::part, {1, 99}},
           Case{"bytes=-" + endless, Kind::part, {0, 100}},
           Case{"bytes=100-", Kind::unreachable},
           Case{"bytes=" + endless + "-", Kind::unreachable},
           Case{"bytes=-0", Kind::unreachable},
           Case{"bytes=0-", Kind::unreachable, {}, 0},
           Case{"bytes=-5", Kind::unreachable, {}, 0},
           Case{"", Kind::all},
           Case{"bytes=", Kind::all},
           Case{"bytes=-", Kind::all},
           Case{"bytes=5", Kind::all},
           Case{"bytes=9-5", Kind::all},
           Case{"bytes=0-1,5-6", Kind::all},
           Case{"bytes=a-b", Kind::all},
           Case{"bytes=1-b", Kind::all},
           Case{"bytes=+1-2", Kind::all},
           Case{"bytes=--5", Kind::all},
           Case{"bytes=1--5", Kind::all},
           Case{"bytes= 1-2", Kind::all},
           Case{"frames=1-2", Kind::all},
       }) {
    const WantedBytes wanted = wanted_bytes(one.header, one.size);
    EXPECT_EQ(wanted.kind, one.kind) << one.header;
    EXPECT_EQ(wanted.range, one.range) << one.header;
  }
}

}  // namespace
}  // namespace piste::server
