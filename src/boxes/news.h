// What of a box's messages is news: boxes say the same many times a second.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "boxes/event.h"
#include "boxes/reading.h"

namespace piste::boxes {

// What is known of one thing.
template <class T>
class Known {
 public:
  Known() = default;
  explicit Known(T rest) : value_(std::move(rest)) {}  // what it is while nothing is told

  // Whether value is news; moment becomes that of its first telling. On a line that damages bytes (doubtful),
  // what is told once is no proof: it must be told twice in a row.
  bool take(const T& value, bool doubtful, Moment& moment) {
    if (value_ == value) {
      asked_.reset();
      return false;
    }
    if (asked_ && asked_->first == value) {
      moment = asked_->second;
    } else if (doubtful) {
      asked_.emplace(value, moment);
      return false;
    }
    asked_.reset();
    value_ = value;
    return true;
  }

  const std::optional<T>& value() const { return value_; }

 private:
  std::optional<T> value_;
  std::optional<std::pair<T, Moment>> asked_;
};

// "left_name" <-> "right_name"
std::map<std::string, std::string> with_sides_swapped(const std::map<std::string, std::string>& fields);

class News {
 public:
  explicit News(bool swap_sides) : swap_sides_(swap_sides) {}

  // A message was understood: the link is up, and what it changes is news.
  void tell(Reading reading, Moment moment, bool doubtful, Events& out);

  // Nothing of the box is known any more.
  void lost(Moment moment, std::string why, Events& out);

  bool link() const { return link_; }

 private:
  struct State {
    PerSide<Known<LampState>> lamps{Known<LampState>(LampState::off), Known<LampState>(LampState::off)};
    bool lamps_told = false;
    Known<bool> running;
    Known<double> seconds;
    PerSide<Known<int>> points;
    PerSide<std::array<Known<int>, card_kinds>> cards;
    Known<Priority> priority{Priority::none};
    Known<bool> blade_contact{false};
    Known<bool> lockout{false};
    std::map<std::string, Known<std::string>> match;
  };

  void tell_lamps(const Reading& reading, Moment moment, bool doubtful, Events& out);
  void tell_clock(const Clock& clock, Moment moment, bool doubtful, Events& out);
  void tell_score(const Score& score, Moment moment, bool doubtful, Events& out);
  void tell_cards(const Reading& reading, Moment moment, bool doubtful, Events& out);
  void tell_match(const Reading& reading, Moment moment, bool doubtful, Events& out);

  const bool swap_sides_;
  bool link_ = false;
  State state_;
};

}  // namespace piste::boxes
