#include "pipeline/bout_judge.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <utility>

#include "artifacts/artifacts.h"
#include "base/file_text.h"
#include "base/log.h"

namespace piste::pipeline {
namespace {

constexpr std::size_t most_waiting = 8;
constexpr std::size_t most_left_out = 1000;
constexpr double same = .05;  // s
constexpr const char* report_name = "bout.json";

}  // namespace

BoutJudge::BoutJudge(Shared& shared, const PhraseSettings& settings, const BoutObserver& observer)
    : shared_(shared), settings_(settings), observer_(observer) {
  if (const auto left = base::file_text(settings.directory / report_name)) {
    if (auto report = read_bout(*left)) report_ = std::move(*report);
  }
  if (!report_.phrases.empty()) last_number_ = report_.phrases.back().number;
  thread_ = std::thread([this] { run(); });
}

BoutJudge::~BoutJudge() {
  cancel();
  thread_.join();
}

void BoutJudge::cancel() {
  {
    const base::Lock lock(mutex_);
    cancelled_ = true;
  }
  changed_.notify_all();
}

bool BoutJudge::cancelled() const {
  const base::Lock lock(mutex_);
  return cancelled_;
}

void BoutJudge::take(const types::box::Event& event) {
  const base::Lock lock(mutex_);
  report_.sheet.take(event);
}

void BoutJudge::lags(const types::PictureLag& lag) {
  const base::Lock lock(mutex_);
  report_.lag = lag;
}

int BoutJudge::next_number() const {
  const base::Lock lock(mutex_);
  return last_number_ + 1;
}

bool BoutJudge::knows(const bout::Cut& cut) const {
  const double hit = cut.phrase.touches.front().time;
  const base::Lock lock(mutex_);
  return std::ranges::any_of(report_.phrases,
                             [&](const auto& known) { return std::abs(known.end - cut.end) < same; }) ||
         std::ranges::any_of(report_.left_out,
                             [&](const auto& known) { return std::abs(known.at - hit) < same; });
}

double BoutJudge::free_from() const {
  const base::Lock lock(mutex_);
  return report_.phrases.empty() ? 0 : report_.phrases.back().end;
}

void BoutJudge::judge(Prepared phrase) {
  base::Lock lock(mutex_);
  while (waiting_.size() >= most_waiting && !cancelled_) changed_.wait(lock);
  last_number_ = phrase.told.number;
  waiting_.push_back(std::move(phrase));
  changed_.notify_all();
}

void BoutJudge::leave_out(const bout::LeftOut& hit) {
  const base::Lock lock(mutex_);
  if (report_.left_out.size() < most_left_out) report_.left_out.push_back(hit);
}

void BoutJudge::run() {
  base::Lock lock(mutex_);
  for (;;) {
    while (waiting_.empty() && !cancelled_) changed_.wait(lock);
    if (cancelled_) return;
    auto phrase = std::move(waiting_.front());
    waiting_.pop_front();
    in_work_ = true;
    lock.unlock();
    judge_now(std::move(phrase));
    lock.lock();
    in_work_ = false;
    changed_.notify_all();
  }
}

void BoutJudge::judge_now(Prepared phrase) {
  BoutPhrase told = std::move(phrase.told);
  const double hit = told.touches.front().time;
  const auto on_progress = [&](const Progress& progress) {
    if (!progress.decision.empty() && !cancelled()) observer_.on_decision(told.number, progress.decision);
  };
  try {
    auto outcome = pipeline::judge(shared_, phrase.lane, std::move(phrase.cut), *phrase.log, on_progress,
                                   [this] { return cancelled(); });
    if (cancelled()) return;
    if (!outcome) return leave_out({hit, outcome.error().message});
    told.outcome = std::move(*outcome);
    keep(std::move(told));
  } catch (const std::exception& failure) {
    base::log::error(settings_.id, std::string("a phrase was not judged: ") + failure.what());
    leave_out({hit, "the analysis failed inside the server"});
  }
}

// Stored first: what was told is there after a kill.
void BoutJudge::keep(BoutPhrase phrase) {
  std::string json;
  {
    const base::Lock lock(mutex_);
    report_.sheet.judged(phrase.number, phrase.outcome.winner);
    auto& kept = report_.phrases.emplace_back(phrase);
    kept.outcome.result_json.clear();  // the disk has it
    phrase.score = expected_score(report_, kept);
    json = bout_json(report_);
  }
  write(report_name, json);
  observer_.on_phrase(phrase);
}

bool BoutJudge::write(const std::string& name, const std::string& json) const {
  if (artifacts::write_file(settings_.directory / name, json)) return true;
  base::log::warning(settings_.id, name + " could not be written");
  return false;
}

std::vector<BoutPhrase> BoutJudge::phrases_from(int number) const {
  std::vector<BoutPhrase> found;
  {
    const base::Lock lock(mutex_);
    for (const BoutPhrase& phrase : report_.phrases) {
      if (phrase.number < number) continue;
      found.push_back(phrase);
      found.back().score = expected_score(report_, phrase);
    }
  }
  for (BoutPhrase& phrase : found)
    phrase.outcome.result_json =
        base::file_text(settings_.directory / phrase.folder / "analysis_result.json").value_or("{}");
  return found;
}

Outcome BoutJudge::finish() {
  base::Lock lock(mutex_);
  while ((in_work_ || !waiting_.empty()) && !cancelled_) changed_.wait(lock);
  Outcome outcome;
  outcome.result_json = bout_json(report_);
  outcome.video_kept = true;  // each phrase has its own, or its frames
  lock.unlock();
  outcome.result_kept =
      write(report_name, outcome.result_json) && write("analysis_result.json", outcome.result_json);
  return outcome;
}

}  // namespace piste::pipeline
