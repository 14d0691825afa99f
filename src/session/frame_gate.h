// Which frames may come into a phrase, by what their headers say and by which have come. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/interval_set.h"
#include "protocol/messages.h"
#include "session/registry.h"

namespace piste::session {

class FrameGate {
 public:
  // Both outlive it.
  FrameGate(const protocol::SessionStart& start, const Limits& limits) : start_(start), limits_(limits) {}

  // Why a frame cannot be taken, in the words for the client; nullopt: it may come.
  std::optional<std::string> objection(const protocol::FrameHeader& header) const;  // whatever its bytes are
  std::optional<std::string> size_objection(std::size_t size) const;
  // How the sentence goes on that names the frame. key: whether an H.264 unit can be decoded on its own.
  std::optional<std::string> key_objection(bool key) const;

  // The frame is taken. False when its number was there already.
  bool take(std::int64_t number, bool key);
  // Of a bout that was found on disk: what is not there any more has come and gone.
  void assume_earlier() { numbers_.assume_below(numbers_.lowest()); }
  const base::IntervalSet& numbers() const { return numbers_; }

 private:
  std::int64_t most_numbers() const;
  std::optional<std::string> number_objection(std::int64_t number) const;
  std::optional<std::string> encoding_objection(types::Encoding encoding) const;

  const protocol::SessionStart& start_;
  const Limits& limits_;
  base::IntervalSet numbers_;
  std::int64_t since_key_ = 0;  // H.264 units that came after the last key unit
};

}  // namespace piste::session
