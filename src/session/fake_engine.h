// An engine for tests: it analyses nothing and ends a phrase when the test says so. Thread-safe.
#pragma once

#include <atomic>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pipeline/engine.h"

namespace piste::session {

// One phrase as the engine saw it. Outlives the session that it belongs to.
class FakePhrase {
 public:
  struct Pushed {
    std::size_t index = 0;
    types::EncodedFrame frame;
    std::optional<base::ByteBudget::Lease> lease;
  };

  FakePhrase(pipeline::PhraseSettings started, const recording::FrameLog& frames,
             pipeline::PhraseObserver told)
      : settings(std::move(started)), log(frames), observer_(std::move(told)) {}

  // The analysis's verbs; the first three do nothing after cancel(), as the engine's contract says.
  void progress(const std::string& stage, double done, const std::string& decision = "") {
    const std::scoped_lock lock(calling_);
    if (!cancelled_) observer_.on_progress({stage, done, stage + "...", decision});
  }
  void sight(const types::SeenFencers& sight) {
    const std::scoped_lock lock(calling_);
    if (!cancelled_) observer_.on_sight(sight);
  }
  void complete(const std::string& result_json) {
    const std::scoped_lock lock(calling_);
    if (cancelled_) return;
    if (keeps_result) std::ofstream(settings.directory / "analysis_result.json") << result_json;
    if (keeps_video) std::ofstream(settings.directory / "phrase.mkv") << log.size();
    observer_.on_done(
        pipeline::Outcome{result_json, types::Winner::left, 0.9, {}, 0, keeps_video, keeps_result});
  }
  void fail(const std::string& message) {
    const std::scoped_lock lock(calling_);
    if (!cancelled_) observer_.on_done(pipeline::Error{pipeline::ErrorCode::io, message});
  }
  void analyse_all() {
    const std::scoped_lock lock(mutex_);
    for (auto& item : pushed) {
      item.lease.reset();
      item.frame.bytes.reset();
    }
    waiting_ = 0;
  }
  // Keeps cancel() from returning until the guard is dropped: a frame in work.
  std::unique_lock<std::mutex> hold_cancel() { return std::unique_lock(calling_); }
  bool cancelled() {
    const std::scoped_lock lock(calling_);
    return cancelled_;
  }

  const pipeline::PhraseSettings settings;
  const recording::FrameLog& log;
  bool keeps_result = true;  // whether complete() finds room on the disk
  bool keeps_video = true;
  // Written by the session's calls; read them when it makes none.
  std::vector<Pushed> pushed;
  std::shared_ptr<const types::Bytes> picture;  // what picture() says; set before it is asked
  std::optional<std::string> scoring_log;       // after finish()
  types::StreamingStats streaming;
  std::atomic<bool> stands_back = false;
  std::atomic<bool> abandoned = false;

 private:
  friend class FakeEngine;
  std::mutex calling_;  // held during a callback, so cancel() waits for it
  bool cancelled_ = false;
  const pipeline::PhraseObserver observer_;
  std::mutex mutex_;
  std::size_t waiting_ = 0;
};

// One bout as the engine saw it; outlives its session.
struct FakeBout {
  FakeBout(pipeline::PhraseSettings started, const recording::FrameLog& frames, pipeline::BoutObserver told)
      : settings(std::move(started)), log(frames), observer(std::move(told)) {}

  // A phrase is cut out and judged.
  void judge(pipeline::BoutPhrase phrase) {
    std::filesystem::create_directories(settings.directory / phrase.folder);
    std::ofstream(settings.directory / phrase.folder / "frames.log") << "frames";
    observer.on_decision(phrase.number, R"({"winner":"left"})");
    observer.on_phrase(phrase);
    const std::scoped_lock lock(mutex);
    phrases.push_back(std::move(phrase));
  }
  void complete(const std::string& summary) const {
    std::ofstream(settings.directory / "analysis_result.json") << summary;
    observer.on_done(pipeline::Outcome{summary, types::Winner::none, 0, {}, 0, true, true});
  }
  std::vector<std::pair<types::box::Event, pipeline::Told>> heard() {
    const std::scoped_lock lock(mutex);
    return events;
  }

  const pipeline::PhraseSettings settings;
  const recording::FrameLog& log;
  const pipeline::BoutObserver observer;
  std::mutex mutex;
  std::vector<std::pair<types::box::Event, pipeline::Told>> events;
  std::vector<pipeline::BoutPhrase> phrases;
  std::vector<std::int64_t> pushed;  // numbers
  std::atomic<bool> finished = false;
};

// Frames whose bytes begin with "BAD" are no pictures, logs that begin with "BAD" or are empty are no logs;
// frames that begin with "THROW" make check_frame() throw. Of H.264, those that begin with "KEY" are key
// units.
class FakeEngine : public pipeline::Engine {
 public:
  std::unique_ptr<pipeline::Phrase> start(const pipeline::PhraseSettings& settings,
                                          const recording::FrameLog& log,
                                          pipeline::PhraseObserver observer) override {
    auto record = std::make_shared<FakePhrase>(settings, log, std::move(observer));
    const std::scoped_lock lock(mutex_);
    phrases_.push_back(record);
    return std::make_unique<Handle>(std::move(record), in_finish);
  }

  std::unique_ptr<pipeline::Bout> start_bout(const pipeline::PhraseSettings& settings,
                                             const recording::FrameLog& log,
                                             pipeline::BoutObserver observer) override {
    auto record = std::make_shared<FakeBout>(settings, log, std::move(observer));
    const std::scoped_lock lock(mutex_);
    bouts_.push_back(record);
    return std::make_unique<BoutHandle>(std::move(record));
  }

  pipeline::Result<base::Done> keep_video(const recording::FrameLog& log,
                                          const std::filesystem::path& directory) const override {
    if (!room_for_videos) return pipeline::Error{pipeline::ErrorCode::no_room, "no room"};
    std::ofstream(directory / "phrase.mkv") << log.size();
    return base::Done{};
  }

  pipeline::Result<base::Done> make_clean_film(const std::filesystem::path& directory,
                                               const std::function<bool()>& cancelled) const override {
    if (films == Films::made) std::ofstream(directory / "clean.mp4") << "film";
    if (films == Films::for_ever) std::ofstream(directory / "begun") << "film";
    while (films == Films::for_ever && !cancelled()) std::this_thread::yield();
    return base::Done{};
  }

  // Frames 0 to 9 have one, which says what was asked for.
  pipeline::Result<types::Bytes> frame_picture(const std::filesystem::path&, std::int64_t number,
                                               int width) const override {
    if (number > 9) return pipeline::Error{pipeline::ErrorCode::frame, "the phrase has no such frame"};
    const std::string text = "JPEG of " + std::to_string(number) + ", " + std::to_string(width) + " wide";
    return types::Bytes(text.begin(), text.end());
  }

  // Likewise.
  pipeline::Result<types::Bytes> clip(const std::filesystem::path&, const pipeline::Clip& clip,
                                      const std::function<bool()>&) const override {
    if (clip.last > 9) return pipeline::Error{pipeline::ErrorCode::frame, "the phrase has no such frames"};
    const std::string text = "MP4 of " + std::to_string(clip.first) + " to " + std::to_string(clip.last) +
                             (clip.drawn ? ", drawn" : "") + (clip.speed < 1 ? ", slow" : "");
    return types::Bytes(text.begin(), text.end());
  }

  pipeline::Result<pipeline::Outcome> analyze_file(
      const pipeline::PhraseSettings& settings, const std::filesystem::path& video, const std::string& log,
      const std::function<void(const pipeline::Progress&)>& on_progress,
      const std::function<bool()>& cancelled) override {
    files.push_back({settings, video, log});
    on_progress({"yolo", 1, "", ""});
    if (cancelled && cancelled()) return pipeline::Error{pipeline::ErrorCode::cancelled, "cancelled"};
    if (file_failure) return *file_failure;
    std::ofstream(settings.directory / "analysis_result.json") << R"({"winner":"left"})";
    return pipeline::Outcome{R"({"winner":"left"})", types::Winner::left, 0.9, {}, 0, true, true};
  }

  pipeline::Result<pipeline::FrameCheck> check_frame(const types::EncodedFrame& frame) const override {
    const std::string start(frame.bytes->begin(),
                            frame.bytes->begin() + std::min<std::ptrdiff_t>(5, ssize(*frame.bytes)));
    if (start.starts_with("THROW")) throw std::runtime_error("something unexpected in /srv/secret");
    if (start.empty() || start.starts_with("BAD")) {
      return pipeline::Error{pipeline::ErrorCode::frame, "the picture is cut short"};
    }
    return pipeline::FrameCheck{frame.encoding != types::Encoding::h264 || start.starts_with("KEY")};
  }

  // A picture that begins with "BAD" is none; in every other one the left fencer alone is seen.
  pipeline::Result<types::SeenFencers> look(types::Bytes picture) override {
    if (std::string_view(reinterpret_cast<const char*>(picture.data()), picture.size()).starts_with("BAD"))
      return pipeline::Error{pipeline::ErrorCode::frame, "the picture is cut short"};
    in_look();
    types::SeenFencers sight{0, 640, 360, {}};
    sight.fencers.left.emplace().front() = {100.4F, 50, 0.5F};
    return sight;
  }

  pipeline::Result<base::Done> check_log(std::string_view log) const override {
    if (log.empty()) return pipeline::Error{pipeline::ErrorCode::log, "The scoring log is empty"};
    if (log.starts_with("BAD")) return pipeline::Error{pipeline::ErrorCode::log, "This is not a scoring log"};
    return base::Done{};
  }

  FakePhrase& phrase(std::size_t number = 0) {
    const std::scoped_lock lock(mutex_);
    return *phrases_.at(number);
  }
  std::size_t phrases() {
    const std::scoped_lock lock(mutex_);
    return phrases_.size();
  }

  FakeBout& bout(std::size_t number = 0) {
    const std::scoped_lock lock(mutex_);
    return *bouts_.at(number);
  }

  struct File {
    pipeline::PhraseSettings settings;
    std::filesystem::path video;
    std::string log;
  };
  std::atomic<bool> room_for_videos = true;  // for keep_video()
  enum class Films { none, made, for_ever };
  std::atomic<Films> films = Films::none;       // what comes of make_clean_film()
  std::function<void()> in_look = [] {};        // called by look(); likewise
  std::function<void()> in_finish = [] {};      // called by finish(); set before the session starts
  std::vector<File> files;                      // what analyze_file() was given
  std::optional<pipeline::Error> file_failure;  // what it answers

 private:
  class Handle : public pipeline::Phrase {
   public:
    Handle(std::shared_ptr<FakePhrase> record, std::function<void()> in_finish)
        : record_(std::move(record)), in_finish_(std::move(in_finish)) {}
    ~Handle() override { cancel(); }
    void push(std::size_t index, types::EncodedFrame frame,
              std::optional<base::ByteBudget::Lease> lease) override {
      const std::scoped_lock lock(record_->mutex_);
      record_->pushed.push_back({index, std::move(frame), std::move(lease)});
      ++record_->waiting_;
    }
    void finish(std::string log, const types::StreamingStats& streaming) override {
      record_->scoring_log = std::move(log);
      record_->streaming = streaming;
      in_finish_();
    }
    void stand_back(bool back) override { record_->stands_back = back; }
    void abandon() override { record_->abandoned = true; }
    void cancel() override {
      {
        const std::scoped_lock lock(record_->calling_);
        record_->cancelled_ = true;
      }
      record_->analyse_all();
    }
    std::size_t waiting() const override {
      const std::scoped_lock lock(record_->mutex_);
      return record_->waiting_;
    }
    std::shared_ptr<const types::Bytes> picture() override { return record_->picture; }

   private:
    const std::shared_ptr<FakePhrase> record_;
    const std::function<void()> in_finish_;
  };

  class BoutHandle : public pipeline::Bout {
   public:
    explicit BoutHandle(std::shared_ptr<FakeBout> record) : record_(std::move(record)) {}
    void push(std::size_t, types::EncodedFrame frame, std::optional<base::ByteBudget::Lease>) override {
      const std::scoped_lock lock(record_->mutex);
      record_->pushed.push_back(frame.number);
    }
    void tell(const types::box::Event& event, pipeline::Told by) override {
      const std::scoped_lock lock(record_->mutex);
      record_->events.emplace_back(event, by);
    }
    std::vector<pipeline::BoutPhrase> phrases_from(int number) const override {
      const std::scoped_lock lock(record_->mutex);
      auto found = record_->phrases;
      std::erase_if(found, [&](const auto& phrase) { return phrase.number < number; });
      return found;
    }
    void finish(std::string, const types::StreamingStats&) override { record_->finished = true; }
    void stand_back(bool) override {}
    void abandon() override {}
    void cancel() override {}
    std::size_t waiting() const override { return 0; }

   private:
    const std::shared_ptr<FakeBout> record_;
  };

  std::mutex mutex_;
  std::vector<std::shared_ptr<FakePhrase>> phrases_;
  std::vector<std::shared_ptr<FakeBout>> bouts_;
};

}  // namespace piste::session
