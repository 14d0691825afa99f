// Scenes for tests: two fencers on guard who stand still, or move as a test wants.
#pragma once

#include <string>

#include "render/motion.h"
#include "render/scene.h"

namespace piste::render {

inline std::string motion_text(const std::string& left_actions = "", const std::string& right_actions = "",
                               const std::string& hits = "", const std::string& contacts = "") {
  return R"({"id": "test", "title": "a test", "duration": 2,
    "fencers": {"left": {"actions": [)" +
         left_actions + R"(]}, "right": {"actions": [)" + right_actions + R"(]}},
    "box": {"recorded": "2026-03-14 18:30:00", "hits": [)" +
         hits + R"(], "blade_contacts": [)" + contacts + "]}}";
}

inline Scene standing(const std::string& hits = "") {
  return *parse_motion(motion_text("", "", hits));
}

inline Point middle_of(const Skeleton& joints, std::size_t a, std::size_t b) {
  return {(joints[a].x + joints[b].x) / 2, (joints[a].y + joints[b].y) / 2};
}

}  // namespace piste::render
