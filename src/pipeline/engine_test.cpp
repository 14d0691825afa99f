// The whole pipeline on drawn phrases: real models, real files.
#include "pipeline/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <thread>

#include "pipeline/engine_for_test.h"
#include "video/orientation.h"
#include "video/reader.h"

namespace piste::pipeline {
namespace {

TEST_F(EngineTest, StreamedPhraseGetsVerdictAndArtifacts) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  base::ByteBudget budget(1 << 30);
  const auto result = stream(*engine, sample_frames(), &budget);
  EXPECT_EQ(result.at("winner").as_string(), "right");
  EXPECT_EQ(result.at("frames_analyzed").to_number<std::size_t>(), sample_frames().size());
  EXPECT_EQ(result.at("keypoints").at("left").as_array().size(), sample_frames().size());
  EXPECT_TRUE(result.at("warnings").as_array().empty()) << json::serialize(result.at("warnings"));
  for (const char* name :
       {"phrase.mkv", "phrase.txt", "overlay.mp4", "keypoints.xlsx", "analysis_result.json"})
    EXPECT_GT(fs::file_size(directory_ / name), 0u) << name;
  EXPECT_EQ(budget.used(), 0u) << "analysed frames give their bytes back";
  ASSERT_FALSE(sights_.empty());
  EXPECT_LT(sights_.size(), sample_frames().size());
  EXPECT_TRUE(sights_.back().fencers.left && sights_.back().fencers.right);
}

TEST_F(EngineTest, APictureAloneShowsWhoWouldFence) {
  const auto engine = make_engine(options()).value();  // which reads the models itself
  const auto sight = engine->look(*sample_frames().front().bytes);
  ASSERT_TRUE(sight.ok()) << sight.error().message;
  EXPECT_EQ(sight->width, width);
  EXPECT_EQ(sight->height, height);
  ASSERT_TRUE(sight->fencers.left && sight->fencers.right);
  EXPECT_LT(sight->fencers.left->front().x, sight->fencers.right->front().x);
  const auto empty = engine->look(*video::encode_png({64, 48, types::Bytes(3 * 64 * 48, 120)}));
  ASSERT_TRUE(empty.ok());
  EXPECT_FALSE(empty->fencers.left || empty->fencers.right);
  const auto none = engine->look({1, 2, 3});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::frame);
}

TEST_F(EngineTest, WhoAsksGetsAPictureOfWhatIsLookedAt) {
  const auto engine = engine_with(options());
  auto log = recording::FrameLog::create(directory_ / "frames.log", {width, height, fps});
  ASSERT_TRUE(log.ok());
  auto phrase = engine->start(settings(), **log, observer());
  EXPECT_EQ(phrase->picture(), nullptr);
  const auto& frame = sample_frames().front();
  ASSERT_TRUE((*log)->append(frame).ok());
  phrase->push(0, frame, std::nullopt);
  while (phrase->waiting() > 0) std::this_thread::yield();
  const auto picture = phrase->picture();
  ASSERT_NE(picture, nullptr);
  const auto own = video::inspect(types::Encoding::jpeg, *picture, width, height);
  ASSERT_TRUE(own.ok());
  EXPECT_EQ(own->width, width);
}

TEST_F(EngineTest, TellsEveryStageFromBeginningToEndAndTheDecisionBeforeTheArtifacts) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  stream(*engine, sample_frames(), nullptr);
  std::size_t decided = progress_.size();
  for (const char* stage : {"yolo", "fisheye", "decision", "video_reconstruction", "overlay"}) {
    double last = -1;
    std::size_t messages = 0;
    for (std::size_t i = 0; i < progress_.size(); ++i) {
      if (progress_[i].stage != stage) continue;
      ++messages;
      EXPECT_GE(progress_[i].progress, last) << stage;
      last = progress_[i].progress;
      if (!progress_[i].decision.empty()) decided = i;
    }
    EXPECT_EQ(last, 1) << stage;
    EXPECT_GE(messages, 1u) << stage;
  }
  ASSERT_LT(decided, progress_.size());
  EXPECT_EQ(json::parse(progress_[decided].decision).at("winner").as_string(), "right");
  for (std::size_t i = 0; i < decided; ++i) EXPECT_NE(progress_[i].stage, "overlay");
}

TEST_F(EngineTest, VerdictDoesNotDependOnWhereFramesWaitOrWhenAnalysisBegins) {
  auto live = engine_with(options());
  base::ByteBudget budget(1 << 30);
  const auto from_memory = stream(*live, sample_frames(), &budget);
  outcome_ = {};
  auto late = options();
  late.live = false;
  auto deferred = engine_with(late);
  const auto from_log = stream(*deferred, sample_frames(), nullptr);
  EXPECT_EQ(from_memory.at("decision"), from_log.at("decision"));
  EXPECT_EQ(from_memory.at("keypoints"), from_log.at("keypoints"));
}

// The counter of a camera that has been running for long.
TEST_F(EngineTest, NumbersThatBeginElsewhereAreThoseOfTheResultAndChangeNothingElse) {
  const auto engine = engine_with(options());
  const auto plain = stream(*engine, sample_frames(), nullptr);
  outcome_ = {};
  constexpr std::int64_t first = 57'812;
  auto frames = sample_frames();
  for (auto& frame : frames) frame.number += first;
  types::StreamingStats stats;
  stats.first_frame_number = first;
  const auto result = stream(*engine, frames, nullptr, stats);
  EXPECT_EQ(result.at("winner"), plain.at("winner"));
  EXPECT_EQ(result.at("decision").at("confidence"), plain.at("decision").at("confidence"));
  EXPECT_EQ(result.at("keypoints").at("left"), plain.at("keypoints").at("left"));
  EXPECT_EQ(result.at("keypoints").at("frames").at(0), first);
  const auto frame_of = [](const json::object& found) {
    return found.at("phrase").at("touches").at(0).at("frame").to_number<std::int64_t>();
  };
  EXPECT_EQ(frame_of(result), frame_of(plain) + first);
  EXPECT_EQ(result.at("warnings").at(0).as_string(),
            "The frame numbers begin at 57812 instead of 0; time is counted from there");
}

TEST_F(EngineTest, FramesOfAnotherSizeAreResizedWithOneWarning) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  const render::Renderer small(scene(), {.width = width / 2, .height = height / 2, .fps = fps});
  auto frames = sample_frames();
  constexpr std::size_t first = 32;
  for (std::size_t i = first; i < frames.size(); i += 2) {
    frames[i].bytes = std::make_shared<const types::Bytes>(
        *video::encode_jpeg(small.frame(static_cast<int>(frames[i].number)), 95));
  }
  const auto result = stream(*engine, frames, nullptr);
  EXPECT_EQ(result.at("winner").as_string(), "right");
  EXPECT_EQ(result.at("frames_analyzed").to_number<std::size_t>(), frames.size());
  EXPECT_EQ(result.at("keypoints").at("width"), width);
  ASSERT_EQ(result.at("warnings").as_array().size(), 1u);
  const std::string warning(result.at("warnings").at(0).as_string());
  EXPECT_EQ(warning,
            std::to_string((frames.size() - first + 1) / 2) +
                " frames of another size than announced, the first, 32, of 320x180: resized to the announced "
                "640x360, of which keypoints are pixels");
}

// The drawn fencers close in until the hit; the box's clock is .75 s late.
TEST_F(EngineTest, AHitThatIsFarFromTheMotionIsAWarningWithBothMoments) {
  auto chosen = options();
  chosen.signal_offset = .75;
  chosen.lamps_set_zero = false;  // the lamps in the picture would put it right
  const auto result = stream(*engine_with(chosen), sample_frames(), nullptr);
  const auto& warnings = result.at("warnings").as_array();
  const std::regex wanted(
      "By the log the hit is at 3\\.94 s, by the motion near 3\\.[0-3]\\d s: the clocks may differ.*");
  EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(), [&](const json::value& warning) {
    return std::regex_match(std::string(warning.as_string()), wanted);
  })) << json::serialize(result.at("warnings"));
  EXPECT_EQ(result.at("decision").at("review"), true);
}

TEST_F(EngineTest, FramesOfAnotherShapeAreForAPerson) {
  const auto engine = engine_with(options());
  const render::Renderer wide(scene(), {.width = width, .height = width * 3 / 4, .fps = fps});
  auto frames = sample_frames();
  for (std::size_t i = 45; i < frames.size(); ++i) {
    frames[i].bytes =
        std::make_shared<const types::Bytes>(*video::encode_jpeg(wide.frame(static_cast<int>(i)), 95));
  }
  const auto decision = stream(*engine, frames, nullptr).at("decision").as_object();
  EXPECT_EQ(decision.at("review"), true);
  EXPECT_NE(decision.at("review_reason").as_string().find("stretched"), json::string::npos);
}

// A camera that hangs upside down, or on its side. Turned back, its pictures are the sample's.
TEST_F(EngineTest, FencersWhoDoNotStandUprightAreTurned) {
  const auto engine = engine_with(options());
  auto frames = sample_frames();
  for (auto& frame : frames) {
    auto turned = video::turned(video::decode(frame).value(), {false, true, true});
    frame.encoding = types::Encoding::raw;
    frame.bytes = std::make_shared<const types::Bytes>(std::move(turned.bgr));
  }
  const auto result = stream(*engine, frames, nullptr);
  EXPECT_EQ(result.at("winner").as_string(), "right");
  EXPECT_THAT(
      std::string(result.at("warnings").at(0).as_string()),
      testing::HasSubstr("the fencers stand on their heads: the pictures were turned by 180 degrees"));
  // Pixels of the received frames: the left fencer's head is at the right, below.
  const auto& joints = result.at("keypoints").at("left").at(20).as_array();
  EXPECT_GT(joints.at(types::joint::left_shoulder).at(1).to_number<double>(),
            joints.at(types::joint::left_ankle).at(1).to_number<double>());
  EXPECT_GT(joints.at(types::joint::left_shoulder).at(0).to_number<double>(), width / 2.0);
}

// A real scene, in which hardly anybody is found upside down.
TEST_F(EngineTest, FencersWhoAreNotSeenUntilThePictureIsTurnedAreFound) {
  const fs::path scene_file = fs::path(PISTE_SOURCE_DIR) / "../shared/data/clips/gym_small.avi";
  if (!fs::exists(scene_file)) GTEST_SKIP() << "skipped: no " << scene_file;
  auto reader = video::Reader::open_file(scene_file);
  ASSERT_TRUE(reader.ok());
  size_ = {(*reader)->info().width, (*reader)->info().height};
  std::vector<types::EncodedFrame> frames;
  for (int i = 0; i < 50; ++i) {
    auto frame = (*reader)->next();
    ASSERT_TRUE(frame.ok() && *frame);
    const auto turned = video::turned(std::move((*frame)->image), {false, true, true});
    frames.push_back({i, std::nullopt, types::Encoding::jpeg, size_.first, size_.second,
                      std::make_shared<const types::Bytes>(*video::encode_jpeg(turned, 95))});
  }
  const auto result = stream(*engine_with(options()), frames, nullptr);
  EXPECT_THAT(json::serialize(result.at("warnings")),
              testing::HasSubstr("the pictures were turned by 180 degrees"));
}

TEST_F(EngineTest, LostFramesStayGapsInTime) {
  const auto engine = engine_with(options());
  auto frames = sample_frames();
  const auto last = frames.back().number;
  frames.erase(frames.begin() + 50, frames.begin() + 55);
  const auto result = stream(*engine, frames, nullptr);
  auto video = video::Reader::open_file(directory_ / "phrase.mkv");
  ASSERT_TRUE(video.ok());
  double end = 0;
  std::size_t count = 0;
  while (true) {
    auto frame = (*video)->next();
    ASSERT_TRUE(frame.ok());
    if (!*frame) break;
    end = (*frame)->time;
    ++count;
  }
  EXPECT_EQ(count, frames.size());
  EXPECT_NEAR(end, static_cast<double>(last) / fps, .5 / fps);
}

TEST_F(EngineTest, DamagedFrameIsCountedAndTheOthersGoOn) {
  const auto engine = engine_with(options());
  auto frames = sample_frames();
  types::Bytes broken(frames[45].bytes->begin(), frames[45].bytes->begin() + 40);
  frames[45].bytes = std::make_shared<const types::Bytes>(std::move(broken));
  const auto result = stream(*engine, frames, nullptr);
  EXPECT_EQ(result.at("frames_analyzed").to_number<std::size_t>(), frames.size() - 1);
  EXPECT_EQ(result.at("winner").as_string(), "right");
}

TEST_F(EngineTest, PhraseWithoutFramesIsDecidedByItsLogAlone) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  const auto result = stream(*engine, {}, nullptr);
  EXPECT_EQ(result.at("frames_analyzed").to_number<int>(), 0);
  EXPECT_TRUE(result.at("artifacts").at("overlay").is_null());
  EXPECT_FALSE(result.at("warnings").as_array().empty());
}

TEST_F(EngineTest, FileGetsTheVerdictOfTheStream) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  const auto outcome =
      engine->analyze_file(settings(), sample_film(), scene().scoring_log, [](const Progress&) {}, {});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome->winner, types::Winner::right);
  EXPECT_TRUE(fs::exists(directory_ / "overlay.mp4"));
}

TEST_F(EngineTest, CancelEndsWithoutAnswer) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  auto log = recording::FrameLog::create(directory_ / "frames.log", {width, height, fps});
  ASSERT_TRUE(log.ok());
  bool answered = false;
  auto phrase =
      engine->start(settings(), **log, {[](const Progress&) {}, [&](Result<Outcome>) { answered = true; }});
  for (std::size_t i = 0; i < sample_frames().size(); ++i) {
    ASSERT_TRUE((*log)->append(sample_frames()[i]).ok());
    phrase->push(i, sample_frames()[i], std::nullopt);
  }
  phrase->cancel();
  phrase.reset();
  EXPECT_FALSE(answered);
}

// A frame is being decoded meanwhile: it uses what is the phrase's.
TEST_F(EngineTest, AnExceptionEndsThePhraseAndNothingElse) {
  save_overlay_ = true;
  const auto engine = engine_with(options());
  auto log = recording::FrameLog::create(directory_ / "frames.log", {width, height, fps});
  ASSERT_TRUE(log.ok());
  const PhraseObserver thrower{[](const Progress&) { throw std::runtime_error("/srv/secret"); },
                               observer().on_done};
  auto phrase = engine->start(settings(), **log, thrower);
  for (std::size_t i = 0; i < sample_frames().size(); ++i) {
    ASSERT_TRUE((*log)->append(sample_frames()[i]).ok());
    phrase->push(i, sample_frames()[i], std::nullopt);
  }
  phrase->finish(scene().scoring_log, {});
  const auto outcome = outcome_.get_future().get();
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().message, "the analysis failed inside the server");
  phrase.reset();
  log->reset();
  outcome_ = {};
  save_overlay_ = false;
  base::ByteBudget budget(1 << 30);
  EXPECT_EQ(stream(*engine, sample_frames(), &budget).at("winner"), "right");
}

// The overlay and the video read the log again; the analysis has its frames in memory.
TEST_F(EngineTest, AnExceptionInAnArtifactDoesNotCostTheResult) {
  save_overlay_ = true;
  class Throwing : public recording::FrameLog {
   public:
    explicit Throwing(const recording::FrameLog& log) : log_(log) {}
    const recording::Description& description() const override { return log_.description(); }
    recording::Result<base::Done> append(const types::EncodedFrame&) override { return base::Done{}; }
    recording::Result<base::Done> sync() const override { return base::Done{}; }
    recording::Result<base::Done> state() const override { return base::Done{}; }
    std::size_t size() const override { return log_.size(); }
    std::uint64_t bytes() const override { return log_.bytes(); }
    std::vector<recording::Entry> entries() const override { return log_.entries(); }
    recording::Entry entry(std::size_t index) const override { return log_.entry(index); }
    recording::Result<types::EncodedFrame> read(std::size_t) const override {
      throw std::runtime_error("/srv/secret");
    }

   private:
    const recording::FrameLog& log_;
  };
  const auto engine = engine_with(options());
  auto log = recording::FrameLog::create(directory_ / "frames.log", {width, height, fps});
  ASSERT_TRUE(log.ok());
  for (const auto& frame : sample_frames()) ASSERT_TRUE((*log)->append(frame).ok());
  const Throwing throwing(**log);
  base::ByteBudget budget(1 << 30);
  auto phrase = engine->start(settings(), throwing, observer());
  for (std::size_t i = 0; i < sample_frames().size(); ++i)
    phrase->push(i, sample_frames()[i], budget.try_acquire(sample_frames()[i].bytes->size()));
  phrase->finish(scene().scoring_log, {});
  const auto outcome = outcome_.get_future().get();
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  const auto result = json::parse(outcome->result_json).as_object();
  EXPECT_EQ(result.at("winner"), "right");
  EXPECT_FALSE(outcome->video_kept);
  EXPECT_TRUE(outcome->result_kept);
  const std::string warnings = json::serialize(result.at("warnings"));
  EXPECT_THAT(warnings, testing::HasSubstr("The overlay was not made: the server failed"));
  EXPECT_THAT(warnings, testing::HasSubstr("The video was not saved: the server failed"));
  EXPECT_THAT(warnings, testing::Not(testing::HasSubstr("secret")));
}

TEST_F(EngineTest, RefusesWhatIsNoVideoAndNoLog) {
  const auto engine = engine_with(options());
  std::ofstream(directory_ / "noise.mp4") << "this is not a video";
  const auto no_video = engine->analyze_file(settings(), directory_ / "noise.mp4", scene().scoring_log,
                                             [](const Progress&) {}, {});
  ASSERT_FALSE(no_video.ok());
  EXPECT_EQ(no_video.error().code, ErrorCode::video);
  EXPECT_EQ(no_video.error().message.find(directory_.string()), std::string::npos);
  EXPECT_FALSE(engine->check_log("").ok());
  EXPECT_TRUE(engine->check_log(scene().scoring_log).ok());
}

TEST(MakeEngine, NamesTheModelThatIsMissing) {
  auto wrong = options();
  wrong.detector_model = "/nowhere/model.onnx";
  const auto made = make_engine(wrong);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::settings);
}

}  // namespace
}  // namespace piste::pipeline
