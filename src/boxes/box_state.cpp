#include "boxes/box_state.h"

#include <variant>

namespace piste::boxes {
namespace {

struct Apply {
  BoxState& state;
  double at;

  void operator()(const Lamp& lamp) const { state.lamps[lamp.side] = {lamp.state, at, lamp.ms.value_or(0)}; }
  void operator()(const Clock& clock) const {
    state.seconds = clock.seconds.value_or(state.clock(at));
    state.running = clock.running.value_or(state.running);
    state.clock_at = at;
  }
  void operator()(const Score& score) const {
    for (const Side side : types::both_sides)
      state.points[side] = score.points[side].value_or(state.points[side]);
  }
  void operator()(const Card& card) const {
    int& count = state.cards[card.side][static_cast<std::size_t>(card.kind)];
    if (card.kind == CardKind::red && card.count > count) state.red_card_at[card.side] = at;
    count = card.count;
  }
  void operator()(const PriorityGiven& given) const { state.priority = given.to; }
  void operator()(const BladeContact& contact) const { state.blade_contact = contact.on; }
  void operator()(const Lockout& lockout) const { state.lockout = lockout.on; }
  void operator()(const Match& match) const {
    for (const auto& [name, value] : match.fields) state.match[name] = value;
  }
  void operator()(const Link&) const {}
};

}  // namespace

void BoxState::apply(const Event& event) {
  std::visit(Apply{*this, event.moment.at}, event.what);
}

}  // namespace piste::boxes
