// The clients of the soak: each function is one visit to the service, of one kind of client.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace piste::bench {

// Thrown by a visit that was refused at the door, once the client has waited as long as it was told to.
struct Refused {};

struct Visitor {
  std::uint16_t port = 0;
  std::vector<std::string> pictures;  // JPEGs of 320 x 240
  std::string log;
  std::mt19937 random;
  int number = 0;  // of this visitor's visits, for session ids
  std::string name;
  std::vector<std::string> left = {};  // phrases whose results it has not fetched
};

// A phrase from start to result. Throws when it does not get one.
void visit_well(Visitor& visitor);
// Likewise, but pauses between frames and lets its answers lie.
void visit_slowly(Visitor& visitor);
// Leaves its phrase when all is sent, and fetches the results of some together, later.
void visit_and_leave(Visitor& visitor);
// Throws when one of the phrases that were left has no result.
void fetch_left(Visitor& visitor);
// Begins what it does not end: cut connections, wrong sizes, half an upload. What it gets is nobody's
// concern.
void visit_brokenly(Visitor& visitor);
// Means harm: what no client of the protocol sends, and connections for their own sake.
void visit_hostilely(Visitor& visitor);

}  // namespace piste::bench
