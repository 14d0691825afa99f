// When the frames were taken, whatever they come through: slow links, and every container.
#include <boost/json/parse.hpp>
#include <cmath>
#include <future>

#include "phrase.h"
#include "support/delay_proxy.h"

namespace piste::e2e {
namespace {

using std::chrono::milliseconds;

// The one whose packages apt installs, whatever else is in PATH.
constexpr const char* debian_python = "/usr/bin/python3";
const std::string guide = PISTE_SOURCE_DIR "/../shared/guide.md";
const std::string phrases = PISTE_PHRASES;

// "right 41 43": the winner and the frames of the hits.
std::string verdict_of(const json::object& result) {
  std::string out = text(result.at("decision").at("winner"));
  for (const json::value& touch : result.at("phrase").at("touches").as_array())
    out += " " + std::to_string(touch.at("frame").to_number<std::int64_t>());
  return out;
}

// ---- The guide's example stamps each frame when it sends it, after the acknowledgement of the one before.

struct OneLink {
  const char* name;
  test::Link link;
};

constexpr std::size_t near_the_hit =
    42;  // answers: of the upgrade, of session_start, and of 40 frames of 15 a second

class GuideOverLinks : public testing::TestWithParam<const char*> {
 protected:
  json::object example(const test::Link& link) {
    const Service service;
    const test::DelayProxy proxy(service.port(), link);
    const auto ended = test::run({debian_python,
                                  {"-u", PISTE_SOURCE_DIR "/tests/e2e/guide_example.py", guide,
                                   "http://127.0.0.1:" + std::to_string(proxy.port()),
                                   phrases + "/" + GetParam() + ".mkv", phrases + "/" + GetParam() + ".txt"},
                                  {},
                                  {}});
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    const auto at = ended.out.rfind("RESULT ");
    return at == std::string::npos ? json::object{} : json::parse(ended.out.substr(at + 7)).as_object();
  }

  // Few at a time: each waits most of the time, and the times of its frames are what is looked at.
  std::vector<json::object> over(const std::vector<OneLink>& links) {
    constexpr std::size_t at_a_time = 3;
    std::vector<json::object> results;
    while (results.size() < links.size()) {
      std::vector<std::future<json::object>> under_way;
      for (std::size_t i = results.size(); i < links.size() && under_way.size() < at_a_time; ++i)
        under_way.push_back(std::async(std::launch::async, [&, i] { return example(links[i].link); }));
      for (auto& one : under_way) results.push_back(one.get());
    }
    return results;
  }
};

TEST_P(GuideOverLinks, GetsTheVerdictAndTheFramesOfTheLoopback) {
  if (!std::filesystem::exists(guide)) GTEST_SKIP() << "../shared/guide.md is not there";
  if (test::run({debian_python, {"-c", "import cv2, websockets"}, {}, {}}).code != 0)
    GTEST_SKIP() << "python3-opencv and python3-websockets are not installed";
  const std::vector<OneLink> links{
      {"loopback", {}},
      {"16 ms", {milliseconds(16)}},
      {"24 ms", {milliseconds(24)}},
      {"30 ms", {milliseconds(30)}},
      {"60 ms", {milliseconds(60)}},
      {"stall", {milliseconds(0), 0, {{near_the_hit, milliseconds(700)}}}},
      {"60 ms and a stall", {milliseconds(60), 0, {{near_the_hit, milliseconds(300)}}}}};
  const auto results = over(links);
  const json::object& here = results[0];
  ASSERT_TRUE(here.contains("decision"));
  for (std::size_t i = 1; i < links.size(); ++i) {
    const json::object& there = results[i];
    ASSERT_TRUE(there.contains("decision")) << links[i].name;
    EXPECT_EQ(verdict_of(there), verdict_of(here)) << links[i].name;
    EXPECT_EQ(there.at("decision").at("review"), here.at("decision").at("review"))
        << links[i].name << ": " << there.at("decision").at("review_reason");
  }
}

INSTANTIATE_TEST_SUITE_P(, GuideOverLinks,
                         testing::Values("attack-from-left", "attack-from-right", "parry-riposte",
                                         "attack-falls-short", "both-attack", "no-hit"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::erase(name, '-');
                           return name;
                         });

// ---- A file is the same phrase, analysed or streamed.

struct Container {
  const char* name;
  const char* file;
  std::vector<std::string> arguments;  // ffmpeg's, after the input
};

class EveryContainer : public testing::TestWithParam<Container> {
 protected:
  static void SetUpTestSuite() { service() = std::make_unique<Service>(); }
  static void TearDownTestSuite() { service().reset(); }
  static std::unique_ptr<Service>& service() {
    static std::unique_ptr<Service> one;
    return one;
  }
  const test::TempDir folder_;

  std::vector<double> distances(const json::object& result) const {
    std::vector<double> out;
    for (const json::value& touch : result.at("phrase").at("touches").as_array())
      out.push_back(touch.at("distance_ms").to_number<double>());
    return out;
  }
};

TEST_P(EveryContainer, GivesTheSameFramesAndTimesBothWays) {
  const auto& [name, file, arguments] = GetParam();
  const std::string video = (folder_ / file).string();
  const std::string log = phrases + "/parry-riposte.txt";
  std::vector<std::string> make{"-v", "error", "-y", "-i", phrases + "/parry-riposte.mkv"};
  make.insert(make.end(), arguments.begin(), arguments.end());
  make.push_back(video);
  if (test::run({"/usr/bin/ffmpeg", {"-version"}, {}, {}}).code != 0)
    GTEST_SKIP() << "ffmpeg is not installed";
  const auto made = test::run({"/usr/bin/ffmpeg", make, {}, {}});
  ASSERT_EQ(made.code, 0) << made.err;
  const auto analyzed =
      run("referee", {"analyze", video, log, "--no-overlay", "--out", (folder_ / "out").string()});
  ASSERT_EQ(analyzed.code, 0) << analyzed.err;
  const json::object one = json::parse(analyzed.out).as_object();
  const std::string kept = (folder_ / "result.json").string();
  const auto streamed = run("referee_client_streaming", {service()->url(), "--video", video, "--signal", log,
                                                         "--no-overlay", "--output", kept});
  ASSERT_EQ(streamed.code, 0) << streamed.err;
  const json::object other = json::parse(test::read_file(kept)).as_object();
  EXPECT_EQ(verdict_of(one), verdict_of(other));
  EXPECT_EQ(one.at("frames_analyzed"), other.at("frames_analyzed"));
  const auto here = distances(one);
  const auto there = distances(other);
  ASSERT_EQ(here.size(), there.size());
  for (std::size_t i = 0; i < here.size(); ++i) EXPECT_NEAR(here[i], there[i], 1.5) << "ms";
}

// 15 frames a second, then every third of them.
const std::vector<std::string> variable{"-vf", "select='lt(n,30)+not(mod(n,3))'", "-vsync", "vfr"};
std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

INSTANTIATE_TEST_SUITE_P(
    , EveryContainer,
    testing::Values(Container{"mp4", "phrase.mp4", {"-c:v", "libx264"}},
                    Container{"mkv", "phrase.mkv", {"-c:v", "copy"}},
                    Container{"avi", "phrase.avi", {"-c:v", "mjpeg", "-q:v", "3"}},
                    Container{
                        "webm", "phrase.webm", {"-c:v", "libvpx", "-b:v", "4M", "-deadline", "realtime"}},
                    Container{"mjpeg", "phrase.mjpeg", {"-c:v", "mjpeg", "-q:v", "3"}},
                    Container{"vfr_mp4", "phrase.mp4", with({"-c:v", "libx264"}, variable)},
                    Container{"vfr_mkv", "phrase.mkv", with({"-c:v", "mjpeg", "-q:v", "3"}, variable)}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace piste::e2e
