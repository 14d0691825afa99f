#include "client/sent_frames.h"

namespace piste::client {
namespace {

bool contains(const SentFrames::Ranges& ranges, std::int64_t number) {
  for (const auto& [first, last] : ranges) {
    if (number >= first && number <= last) return true;
  }
  return false;
}

}  // namespace

void SentFrames::acknowledged(std::int64_t number) {
  const auto frame = flying_.extract(number);
  if (!frame.empty() && !there_.put(frame.mapped())) all_kept_ = false;
}

bool SentFrames::refused(std::int64_t number) {
  auto frame = flying_.extract(number);
  if (frame.empty()) return false;
  waiting_.insert(std::move(frame));
  again_.insert(number);
  return true;
}

std::vector<std::int64_t> SentFrames::lost(const Ranges& there) {
  std::vector<std::int64_t> arrived;
  flying_.merge(waiting_);
  waiting_.clear();
  again_.clear();
  for (const auto& [number, frame] : flying_) {
    if (contains(there, number)) arrived.push_back(number);
  }
  for (const std::int64_t number : arrived) acknowledged(number);
  // After a power cut a server may lack what it had acknowledged.
  there_.each([&](std::int64_t number) {
    if (!contains(there, number)) again_.insert(number);
  });
  waiting_.swap(flying_);
  for (const auto& [number, frame] : waiting_) again_.insert(number);
  return arrived;
}

bool SentFrames::all_lost() {
  lost({});
  return all_kept_;
}

std::optional<types::EncodedFrame> SentFrames::take() {
  while (!again_.empty()) {
    const std::int64_t number = again_.extract(again_.begin()).value();
    if (auto frame = waiting_.extract(number); !frame.empty()) return std::move(frame.mapped());
    if (auto frame = there_.get(number)) return frame;
    all_kept_ = false;
  }
  return std::nullopt;
}

}  // namespace piste::client
