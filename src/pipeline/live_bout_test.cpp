// A short drawn bout through the whole pipeline, frame by frame: its phrases are cut, judged and kept while
// it goes on. The real networks look at one of its phrases, where no clock is heard that tells its start.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "pipeline/drawn_networks_for_test.h"
#include "pipeline/engine_for_test.h"
#include "render/bout.h"
#include "video/codec.h"
#include "video/frame_decoder.h"
#include "video/reader.h"
#include "video/unit_encoder.h"

namespace piste::pipeline {
namespace {

constexpr double began = 1'700'000'000;  // s, on the client's clock
constexpr double bout_fps = 10;          // few: what counts is what is cut, not how it is judged

const render::Bout& drawn() {
  static const render::Bout bout = [] {
    auto loaded = render::load_bout(PISTE_SOURCE_DIR "/samples/bouts/short.json");
    EXPECT_TRUE(loaded.ok());
    return std::move(*loaded);
  }();
  return bout;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class LiveBoutTest : public testing::Test {
 protected:
  LiveBoutTest() {
    settings_.id = "bout";
    settings_.width = width;
    settings_.height = height;
    settings_.fps = bout_fps;
    settings_.timestamps = types::Timestamps::capture;
    settings_.save_overlay = false;
    settings_.lamps = types::nowhere;
    settings_.kept = 600;
    settings_.directory = folder_.path();
    log_ = recording::FrameLog::create(folder_ / "frames.log", {width, height, bout_fps}).value();
  }

  void begin() {
    BoutObserver observer;
    observer.on_decision = [this](int number, const std::string&) {
      const std::scoped_lock lock(mutex_);
      decisions_.push_back(number);
    };
    observer.on_phrase = [this](const BoutPhrase& phrase) {
      const std::scoped_lock lock(mutex_);
      phrases_.push_back(phrase);
    };
    observer.on_sight = [this](const types::SeenFencers& sight) { sights_.push_back(sight); };
    observer.on_done = [this](Result<Outcome> outcome) { outcome_.set_value(std::move(outcome)); };
    bout_ = engine_->start_bout(settings_, *log_, std::move(observer));
  }

  // What is fenced, and told of it, from one moment to another.
  void fence(double from, double to) {
    for (int i = 0; i < renderer_.frames(); ++i) {
      const double time = i / bout_fps;
      if (time < from || time >= to) continue;
      for (const auto& event : drawn().events) {
        if (event.moment.at < time || event.moment.at >= time + 1 / bout_fps || !heard_(event)) continue;
        auto told = event;
        told.moment.at += began;
        bout_->tell(told, Told::by_client);
      }
      const auto frame = encoded(i, time);
      networks_.know(sent_.decode(frame).value(), renderer_.truth(i));
      ASSERT_TRUE(log_->append(frame));
      bout_->push(log_->size() - 1, frame, std::nullopt);
    }
  }

  // Of the JPEGs that another test has sent, too: all draw the same.
  std::shared_ptr<const types::Bytes> jpeg_of(int number) const {
    static std::map<int, std::shared_ptr<const types::Bytes>> drawn;
    auto& jpeg = drawn[number];
    if (!jpeg)
      jpeg = std::make_shared<const types::Bytes>(video::encode_jpeg(renderer_.frame(number), 90).value());
    return jpeg;
  }

  types::EncodedFrame encoded(int number, double time) {
    types::EncodedFrame frame{number, began + time, types::Encoding::jpeg, width, height, nullptr};
    if (!units_) {
      frame.bytes = jpeg_of(number);
      return frame;
    }
    auto unit = units_->encode(renderer_.frame(number), time, false).value();
    frame.encoding = types::Encoding::h264;
    frame.key = unit.key;
    frame.bytes = std::make_shared<const types::Bytes>(std::move(unit.bytes));
    return frame;
  }

  // As a server does that was killed.
  void find_again() {
    begin();
    std::size_t index = 0;
    for (const auto& entry : log_->entries())
      bout_->push(index++, {entry.number, entry.timestamp, entry.encoding, width, height, nullptr, entry.key},
                  {});
  }

  json::object finish() {
    bout_->finish("", {});
    auto outcome = outcome_.get_future().get();
    EXPECT_TRUE(outcome.ok());
    EXPECT_TRUE(outcome->result_kept);
    return json::parse(outcome->result_json).as_object();
  }

  void expect_phrases(std::size_t expected) {
    const auto& right = drawn().phrases;
    ASSERT_EQ(phrases_.size(), expected);
    for (std::size_t i = 0; i < expected; ++i) {
      const auto& phrase = phrases_[i];
      EXPECT_EQ(phrase.number, static_cast<int>(i) + 1);
      EXPECT_LT(phrase.start, began + right[i].start + .05) << i;
      EXPECT_GT(phrase.start, began + right[i].start - 3) << i;
      EXPECT_GT(phrase.end, began + right[i].touches.back().time + .7);
      ASSERT_EQ(phrase.touches.size(), right[i].touches.size());
      EXPECT_NEAR(phrase.touches[0].time, began + right[i].touches[0].time, .001);
      const auto kept = folder_ / phrase.folder;
      for (const char* name : {units_ ? "phrase.mp4" : "phrase.mkv", "phrase.txt", "keypoints.xlsx"})
        EXPECT_TRUE(fs::exists(kept / name)) << kept / name;
      EXPECT_EQ(text_of(kept / "analysis_result.json"), phrase.outcome.result_json);
    }
  }
  // When phrase i, from 0, is told, and before the next begins.
  static double after(std::size_t i) { return drawn().phrases[i].touches.back().time + 3; }

  static constexpr int group =
      40;  // units from one key unit to the next: the encoder takes them for a second
  const test::TempDir folder_;
  std::unique_ptr<video::UnitEncoder> units_;  // none: JPEG
  video::FrameDecoder sent_{1};
  DrawnNetworks networks_;
  std::unique_ptr<Engine> engine_ = make_engine(share(networks_.models(), options()).value());
  const render::Renderer renderer_{drawn().scene, {.width = width, .height = height, .fps = bout_fps}};
  PhraseSettings settings_;
  std::unique_ptr<recording::FrameLog> log_;
  bool (*heard_)(const types::box::Event&) = [](const types::box::Event&) { return true; };
  std::mutex mutex_;
  std::vector<int> decisions_;
  std::vector<BoutPhrase> phrases_;
  std::vector<types::SeenFencers> sights_;
  std::promise<Result<Outcome>> outcome_;
  std::unique_ptr<Bout> bout_;
};

TEST_F(LiveBoutTest, EveryPhraseIsCutAndJudgedAndNoneInvented) {
  networks_.take(std::chrono::milliseconds(25));
  begin();
  fence(0, 1e9);
  const auto summary = finish();
  expect_phrases(3);
  EXPECT_EQ(phrases_.back().outcome.winner, types::Winner::left) << "the only lamp";
  EXPECT_EQ(decisions_, std::vector<int>({1, 2, 3}));
  EXPECT_EQ(summary.at("phrases").as_array().size(), 3U);
  EXPECT_EQ(summary.at("left_out").as_array().size(), 1U)
      << "the weapon that was tested: " << json::serialize(summary.at("left_out"));
  EXPECT_EQ(text_of(folder_ / "bout.json"), text_of(folder_ / "analysis_result.json"));
  EXPECT_EQ(bout_->phrases_from(2).size(), 2U);
  ASSERT_GT(sights_.size(), 3U) << "whom those who watch see";
  EXPECT_TRUE(sights_.back().fencers.left && sights_.back().fencers.right);
  for (std::size_t i = 1; i < sights_.size(); ++i)
    EXPECT_GT(sights_[i].frame, sights_[i - 1].frame) << "what is looked at again is not told again";
}

TEST_F(LiveBoutTest, HitsAloneAreEnough) {
  engine_ = engine_with(options());
  heard_ = [](const types::box::Event& event) {
    return std::holds_alternative<types::box::Lamp>(event.what);
  };
  begin();
  fence(0, after(0));
  finish();
  expect_phrases(1);
}

TEST_F(LiveBoutTest, AfterAKillItGoesOnWhereItWas) {
  const auto& right = drawn().phrases;
  const double amid = right[1].touches.back().time + .2;  // hit, and not cut yet
  begin();
  fence(0, amid);
  for (int i = 0; i < 6000 && bout_->phrases_from(1).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  bout_.reset();
  ASSERT_EQ(phrases_.size(), 1U);
  find_again();
  fence(amid, after(1));
  const auto summary = finish();
  expect_phrases(2);
  EXPECT_EQ(summary.at("phrases").as_array().size(), 2U);
}

// Of H.264 units, one in so many of which is a key unit: a phrase begins wherever it does.
TEST_F(LiveBoutTest, H264UnitsAreDecodedFromTheKeyUnitBeforeAPhraseAlsoAfterAKill) {
  units_ = video::UnitEncoder::create(width, height, {group, 4'000'000}).value();
  const double amid = drawn().phrases[1].touches.back().time + .2;
  begin();
  bool shown = bout_->picture() != nullptr;
  EXPECT_FALSE(shown) << "of nothing";
  fence(0, 2);
  for (int i = 0; i < 6000 && !shown; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    shown = bout_->picture() != nullptr;
  }
  EXPECT_TRUE(shown) << "a picture, to whom asks";
  fence(2, amid);
  for (int i = 0; i < 6000 && bout_->phrases_from(1).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  bout_.reset();
  find_again();
  fence(amid, after(1));
  finish();
  expect_phrases(2);
  for (const auto& phrase : phrases_) {
    const auto result = json::parse(phrase.outcome.result_json).as_object();
    EXPECT_EQ(result.at("undecodable_frames"), 0);
    const double looked_at = result.at("frames_analyzed").to_number<double>();
    EXPECT_NEAR(looked_at, (phrase.end - phrase.start) * bout_fps, 2) << "and not what its decoding needs";
    double kept = 0;
    auto reader = video::Reader::open_file(folder_ / phrase.folder / "phrase.mp4").value();
    for (auto frame = reader->next(); frame && *frame; frame = reader->next()) ++kept;
    EXPECT_GE(kept, looked_at);
    EXPECT_LT(kept, looked_at + group);
  }
}

// For longer than a bout looks back, nothing that could be decoded came.
TEST_F(LiveBoutTest, ADamagedFrameAfterALongPauseHarmsNobody) {
  engine_ = engine_with(options());
  begin();
  const auto push = [this](std::int64_t number, types::Bytes jpeg) {
    const types::EncodedFrame frame{
        number, began + static_cast<double>(number) / bout_fps,       types::Encoding::jpeg, width,
        height, std::make_shared<const types::Bytes>(std::move(jpeg))};
    ASSERT_TRUE(log_->append(frame));
    bout_->push(log_->size() - 1, frame, std::nullopt);
  };
  const auto sound = video::encode_jpeg(renderer_.frame(0), 90).value();
  push(0, sound);
  push(static_cast<std::int64_t>(70 * bout_fps), {sound.begin(), sound.begin() + 20});
  push(static_cast<std::int64_t>(70 * bout_fps) + 1, sound);
  EXPECT_TRUE(finish().at("phrases").as_array().empty());
}

}  // namespace
}  // namespace piste::pipeline
