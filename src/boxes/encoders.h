// What a box shows, in the bytes of its protocol. docs/boxes.md has the layouts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "boxes/box_state.h"
#include "boxes/simulator.h"

namespace piste::boxes {

std::string favero_frame(const BoxState& box, double now);
std::string skewered_packet(const BoxState& box, double now);

std::string fpa_lamps(const BoxState& box);
std::string fpa_clock(const BoxState& box, double now);
std::string fpa_score(const BoxState& box);
std::string fpa_blade_contact(const BoxState& box);

std::string stgeorge_lamps(const BoxState& box);
// The frames that it repeats, in their order.
std::string stgeorge_cycle(const BoxState& box, double now);

std::string cyrano_info(const BoxState& box, double now);
std::string efp2_info(const BoxState& box, double now);

// The messages that differ between the two, all where there is nothing before; clock: the time is told in any
// case.
std::vector<Packet> opp2_messages(const std::optional<BoxState>& before, const BoxState& box, double now,
                                  bool clock);

}  // namespace piste::boxes
