// One phrase, every way in: the verdict is the same. And each sample gets its right one.
#include <boost/json/parse.hpp>

#include "phrase.h"
#include "video/codec.h"

namespace piste::e2e {
namespace {

class SamePhrase : public SharedService<SamePhrase> {
 protected:
  static constexpr const char* name = "attack-from-left";
  static void expect_left(const json::object& result) {
    ASSERT_TRUE(result.contains("winner"));
    EXPECT_EQ(result.at("winner"), "left");
    EXPECT_EQ(result.at("frames_analyzed").to_number<std::size_t>(), sample(name).jpegs.size());
    EXPECT_EQ(result.at("undecodable_frames"), 0);
  }
  static json::object streamed(const std::string& encoding, const std::string& as) {
    const Phrase phrase = sample(name);
    return stream(service(), phrase, encoded(phrase, encoding), as, encoding, {{"save_overlay", false}})
        .result;
  }
};

TEST_F(SamePhrase, Uploaded) {
  const Phrase phrase = sample(name);
  expect_left(upload(service(), phrase.video, phrase.log, "?save_overlay=false"));
}
TEST_F(SamePhrase, AsJpeg) {
  expect_left(streamed("jpeg", "jpeg"));
}
TEST_F(SamePhrase, AsPng) {
  expect_left(streamed("png", "png"));
}
TEST_F(SamePhrase, AsRaw) {
  expect_left(streamed("raw", "raw"));
}
TEST_F(SamePhrase, AsRawWithAHeader) {
  expect_left(streamed("raw with header", "raw"));
}

class Samples : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Samples, GetTheirRightVerdict) {
  const auto& [name, winner] = GetParam();
  const Phrase phrase = sample(name);
  const test::TempDir folder;
  const auto ended = run("referee", {"analyze", phrase.video.string(), phrase.signal.string(), "--no-overlay",
                                     "--out", (folder / "out").string()});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(text(json::parse(ended.out).at("winner")), winner) << json::parse(ended.out).at("reason");
}

INSTANTIATE_TEST_SUITE_P(, Samples,
                         testing::Values(std::pair{"attack-from-left", "left"},
                                         std::pair{"attack-from-right", "right"},
                                         std::pair{"parry-riposte", "right"},
                                         std::pair{"attack-falls-short", "left"},
                                         std::pair{"no-hit", "none"}),
                         [](const auto& one) {
                           std::string name = one.param.first;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace piste::e2e
