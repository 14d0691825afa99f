#include "bout_live.h"

#include <chrono>
#include <future>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/steady.h"
#include "recording/frame_ring.h"
#include "support/process_memory.h"
#include "video/reader.h"

namespace piste::bench {
namespace {

constexpr double settled = 60;  // s: what is kept has been filled

double memory_mb() {
  return static_cast<double>(test::process_memory("self", "VmRSS")) / (1 << 20);
}

template <class T>
T value(auto result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

void sleep_until(double moment) {
  const double left = moment - base::steady_seconds();
  if (left > 0) std::this_thread::sleep_for(std::chrono::duration<double>(left));
}

}  // namespace

LiveBout stream_bout(pipeline::Engine& engine, const std::filesystem::path& film, const Span& span,
                     const boxes::Events& told, const std::filesystem::path& folder) {
  auto reader = value<std::unique_ptr<video::Reader>>(video::Reader::open_file(film));
  const auto& info = reader->info();
  if (!info.jpeg) throw std::runtime_error(film.string() + " is not a film of JPEGs: --live takes .mkv");
  pipeline::PhraseSettings settings;
  settings.id = "live";
  settings.width = info.width;
  settings.height = info.height;
  settings.fps = info.fps;
  settings.timestamps = types::Timestamps::capture;
  settings.weapon = types::Weapon::sabre;
  settings.directory = folder;
  if (!told.empty()) settings.lamps = types::nowhere;
  auto log = value<std::unique_ptr<recording::FrameLog>>(recording::create_ring(
      folder / "frames.log", {info.width, info.height, info.fps}, static_cast<std::size_t>(60 * info.fps)));
  LiveBout live;
  std::mutex mutex;
  std::map<int, double> decided;
  std::promise<pipeline::Result<pipeline::Outcome>> done;
  const double zero = base::steady_seconds() - span.from;
  auto bout = engine.start_bout(
      settings, *log,
      {[&](int number, const std::string&) {
         const std::scoped_lock lock(mutex);
         decided[number] = base::steady_seconds() - zero;
       },
       [&](const pipeline::BoutPhrase& phrase) {
         const std::scoped_lock lock(mutex);
         live.phrases.push_back(phrase);
       },
       [&](pipeline::Result<pipeline::Outcome> outcome) { done.set_value(std::move(outcome)); }});
  auto next = told.begin();
  double before = 0;
  for (;;) {
    const auto frame = value<std::optional<types::EncodedFrame>>(reader->next_encoded());
    if (!frame) break;
    const double time = frame->timestamp.value_or(0);
    if (time < span.from) continue;
    if (time > span.to) break;
    for (; next != told.end() && next->moment.at + next->moment.error <= time; ++next) {
      auto event = *next;
      event.moment.at += zero;
      bout->tell(event, pipeline::Told::by_box);
    }
    sleep_until(zero + time);
    if (!log->append(*frame)) throw std::runtime_error("a frame cannot be stored");
    bout->push(log->size() - 1, *frame, std::nullopt);
    live.waiting.push_back(static_cast<double>(bout->waiting()));
    if (before == 0 && time >= span.from + settled) before = memory_mb();
  }
  if (before > 0) live.grown_mb = memory_mb() - before;
  bout->finish("", {});
  if (!done.get_future().get()) throw std::runtime_error("the bout was not judged");
  for (const auto& phrase : live.phrases) live.decided.push_back(decided[phrase.number]);
  return live;
}

}  // namespace piste::bench
