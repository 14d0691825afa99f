#include "pipeline/bout_phrase.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <system_error>

#include "bout/guard.h"
#include "camera/account.h"

namespace piste::pipeline {
namespace {

using bout::Cut;
using bout::Guard;

constexpr double lead = .7;  // s before they left their guard

std::string folder_of(int number) {
  char name[32];
  std::snprintf(name, sizeof name, "phrase-%02d", number);
  return name;
}

// s on the bout's clock; nothing: it is no phrase.
std::optional<double> beginning(const Cut& cut, const Stretch& stretch, const types::CameraMotion& motion) {
  if (cut.phrase.start) return *cut.phrase.start;
  const double zero = stretch.zero;
  const double hit = cut.phrase.touches.front().time;
  const auto tracks = stretch.analyser.finish(motion, cut.earliest - bout_warm_up - zero);
  const Guard guard =
      bout::last_guard(camera::on_piste(tracks, motion, hit - zero), cut.earliest - zero, hit - zero);
  if (guard.found == Guard::Found::no) return std::nullopt;
  return guard.found == Guard::Found::yes ? std::max(guard.until + zero - lead, cut.earliest) : cut.earliest;
}

using Shown = std::deque<Stretch::Shown>;

// Where decoding begins that is to have this frame: with a key frame before it, or else with the next one.
Shown::const_iterator key_of(Shown::const_iterator first, Shown::const_iterator oldest,
                             Shown::const_iterator last) {
  for (auto key = first; key != last; --key) {
    if (key->key) return key;
    if (key == oldest) break;
  }
  return std::find_if(first, last, [](const Stretch::Shown& shown) { return shown.key; });
}

// Its frames alone, numbered from 0, their timestamps from the first.
Result<std::unique_ptr<recording::FrameLog>> copy(Shown::const_iterator first, Shown::const_iterator last,
                                                  const recording::FrameLog& log,
                                                  const std::filesystem::path& path) {
  auto own = recording::FrameLog::create(path, log.description());
  if (!own) return failed(own.error());
  for (auto shown = first; shown != last; ++shown) {
    auto frame = log.read(shown->index);
    if (!frame) continue;  // the log has let go of it
    frame->number = shown->number - first->number;
    frame->timestamp = shown->time - first->time;
    if (const auto kept = (*own)->append(*frame); !kept) return failed(kept.error());
  }
  if ((*own)->size() == 0) return Error{ErrorCode::frame, "its frames are not kept any more"};
  return std::move(*own);
}

Result<std::filesystem::path> make_folder(const std::filesystem::path& directory) {
  std::error_code failure;
  auto path = directory / "frames.log";
  std::filesystem::create_directories(directory, failure);
  if (!failure) std::filesystem::remove(path, failure);
  if (failure) return Error{ErrorCode::io, "a phrase's folder cannot be made: " + failure.message()};
  return path;
}

// Everything on the clock of the phrase's own first frame.
types::Phrase phrase_from(const Cut& cut, double zero, double end) {
  types::Phrase phrase = cut.phrase;
  phrase.start = 0;
  phrase.end = end - zero;
  for (auto& touch : phrase.touches) touch.time -= zero;
  std::erase_if(phrase.blade_contacts, [&](double contact) { return contact < zero; });
  for (auto& contact : phrase.blade_contacts) contact -= zero;
  if (phrase.lockout) phrase.lockout->start -= zero;
  return phrase;
}

// Of the frames that are the phrase's own, without those that only its decoding needs.
void put_tracks(CutPhrase& phrase, const Stretch& stretch, types::CameraMotion motion,
                const Stretch::Shown& key, const Stretch::Shown& first, const recording::FrameLog& own) {
  std::set<std::int64_t> numbers;
  for (const auto& entry : own.entries()) {
    if (entry.number >= first.number - key.number) numbers.insert(entry.number);
  }
  phrase.tracks = stretch.analyser.finish(motion, first.time - stretch.zero);
  for (const types::Side side : types::both_sides) {
    auto& points = phrase.tracks[side].points;
    for (auto& point : points) point.number -= key.number, point.time -= key.time - stretch.zero;
    std::erase_if(points, [&](const auto& point) { return !numbers.contains(point.number); });
  }
  phrase.camera = std::move(motion);
  for (auto& frame : phrase.camera.frames) frame.number -= key.number;
  std::erase_if(phrase.camera.frames, [&](const auto& frame) { return !numbers.contains(frame.number); });
}

}  // namespace

Error failed(const recording::Error& error) {
  return {error.code == recording::ErrorCode::full ? ErrorCode::no_room : ErrorCode::io, error.message};
}

Result<Cutting> prepare(const PhraseSettings& settings, const Cut& cut, int number, const Stretch& stretch,
                        const recording::FrameLog& log) {
  const double hit = cut.phrase.touches.front().time;
  auto motion = stretch.analyser.motion();
  const auto begin = beginning(cut, stretch, motion);
  if (!begin)
    return Cutting(bout::LeftOut{hit, "the fencers had not been on guard: somebody tested a weapon"});
  const auto last = std::ranges::upper_bound(stretch.shown, cut.end, {}, &Stretch::Shown::time);
  auto first = std::ranges::lower_bound(stretch.shown, *begin, {}, &Stretch::Shown::time);
  const auto key = key_of(first, stretch.shown.begin(), last);
  first = std::max(first, key);
  if (first == last || first->time > hit || std::prev(last)->time < hit)
    return Cutting(bout::LeftOut{hit, "no picture shows it"});
  Prepared out{
      {number, first->time, cut.end, cut.phrase.touches, cut.phrase.order_unknown, folder_of(number), {}},
      {},
      nullptr,
      stretch.analyser.lane()};
  CutPhrase& phrase = out.cut;
  phrase.number = number;
  phrase.phrase = phrase_from(cut, key->time, std::min(cut.end, std::prev(last)->time));
  phrase.settings = settings;
  phrase.settings.id += "-" + std::to_string(number);
  phrase.settings.weapon = cut.weapon;
  phrase.settings.directory = settings.directory / out.told.folder;
  phrase.settings.started = std::chrono::steady_clock::now();
  const auto path = make_folder(phrase.settings.directory);
  if (!path) return path.error();
  auto own = copy(key, last, log, *path);
  if (!own) return own.error();
  out.log = std::move(*own);
  put_tracks(phrase, stretch, std::move(motion), *key, *first, *out.log);
  return Cutting(std::move(out));
}

}  // namespace piste::pipeline
