// Who else is in the hall: people who stand behind the piste, a referee, another pair that fences further
// back, somebody who walks through between the camera and the fencers. Each as large, and with his feet as
// low, as his place on the floor makes him; who watches stands behind the piste, not on it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "render/figure.h"
#include "render/scene.h"
#include "render/view.h"

namespace piste::render {

struct CompanyOptions {
  int spectators = 0;        // 0..40; every third of them in whites
  bool referee = false;      // goes along with the fencers, on the other side of the piste
  bool other_piste = false;  // a pair behind, who do what the fencers do, mirrored and later
  bool passer_by = false;    // walks through before the fencers, once

  bool any() const { return spectators > 0 || referee || other_piste || passer_by; }
};

class Company {
 public:
  enum class Role { spectator, fencer, referee, passer_by };
  struct Member {
    Role role = Role::spectator;
    double nearness = 1;  // how much larger than the fencers he looks
    Dress dress{};
    double height = 1.8;                   // m
    double x = 0;                          // px of the still picture, where he stands
    double yaw = 0;                        // rad: 0 looks to the right, pi/2 at the camera
    double since = 0;                      // s, when who walks through is in the middle
    types::Side side = types::Side::left;  // of who fences
  };

  Company(const CompanyOptions& options, const Scene& scene, const View& view, std::uint64_t seed);

  // The furthest first.
  const std::vector<Member>& members() const { return members_; }
  // In the picture of a camera on its tripod.
  Outline outline(const Member& member, double time) const;
  // Pixels a metre of his body, there.
  double body(const Member& member) const;
  // +1 or -1, where the feet point.
  static float facing(const Member& member);
  static bool armed(const Member& member) { return member.role == Role::fencer; }
  bool right_handed(const Member& member) const;

 private:
  double middle_of_fencers(double time) const;        // px
  double feet(const Member& member, double x) const;  // px
  Outline upright(const Member& member, double x, double walked, double pace) const;
  Outline fencing(const Member& member, double time) const;
  Outline accompanying(const Member& member, double time) const;
  Outline walking_through(const Member& member, double time) const;

  types::PerSide<FencerTrack> fencers_;
  View view_;
  std::vector<Member> members_;
};

std::string_view to_string(Company::Role role);

}  // namespace piste::render
