// Draws a scene: frame i shows the moment i / fps. The same scene, options and frame number give the same
// bytes, in whatever order frames are asked for.
//
//   auto scene = render::load_motion("samples/attack-from-left.json");
//   const render::Renderer renderer(*scene, {.width = 640, .height = 360, .fps = 60});
//   for (int i = 0; i < renderer.frames(); ++i) send(video::encode_jpeg(renderer.frame(i), 85));
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "render/backdrop.h"
#include "render/camera_work.h"
#include "render/company.h"
#include "render/error.h"
#include "render/figure.h"
#include "render/scene.h"
#include "render/view.h"
#include "types/frame.h"
#include "types/pose.h"
#include "types/side.h"

namespace piste::render {

struct RenderOptions {
  int width = 1280;        // pixels, 160..7680
  int height = 720;        // pixels, 120..4320
  double fps = 30;         // 1..240
  std::uint64_t seed = 1;  // of the hall, the clothes and the noise
  double shutter = .35;    // part of a frame's time for which the shutter is open, 0..1; at most 12 ms
  double noise = 2.2;      // of the camera, standard deviation of 255, 0..20
  CameraWork camera = {};
  CompanyOptions company = {};
};

Result<base::Done> check(const RenderOptions& options);

class Renderer {
 public:
  // Precondition: check(options) is ok, and both fencers of the scene have stances. Keeps its own copy of the
  // scene.
  Renderer(Scene scene, const RenderOptions& options);

  int frames() const;
  double time(int frame) const { return frame / options_.fps; }

  // May be called by several threads at once. Precondition: 0 <= frame < frames().
  types::Image frame(int frame) const;

  // What was drawn: pixels of the picture, score 1; the middle of the shutter's time.
  types::PerSide<types::Keypoints> truth(int frame) const;

  // Everybody else who was drawn, the furthest first, as the fencers are told.
  struct Other {
    Company::Role role;
    types::Keypoints keypoints;
  };
  std::vector<Other> others(int frame) const;

  // Of the picture that a camera on a tripod takes in this one.
  types::View camera(int frame) const { return path_.at(time(frame)); }

  types::PerSide<bool> lamps(int frame) const;
  const Scene& scene() const { return scene_; }
  const RenderOptions& options() const { return options_; }
  const View& view() const { return view_; }
  // Where the camera stands on a tripod.
  Vec lamp(types::Side side) const;
  Vec weapon_hand(types::Side side, int frame) const;

 private:
  types::Image hall(int frame) const;
  Figure figure(types::Side side, double time) const;
  Outline outline(types::Side side, double time) const;
  // A figure as the camera shows it, body: pixels a metre.
  struct Drawn {
    Figure figure;
    float body;
    std::function<Outline(double)> outline;  // at a moment
    bool armed;
  };
  Outline taken(Outline outline, double time) const;
  Drawn fencer(types::Side side, double time) const;
  Drawn other(const Company::Member& member, double time) const;
  void draw(types::Image& picture, const Drawn& drawn, double time) const;
  void draw_others(types::Image& picture, bool before_fencers, double time) const;
  void add_noise(types::Image& picture, int frame) const;

  Scene scene_;
  RenderOptions options_;
  View view_;
  CameraPath path_;
  std::optional<Company> company_;
  Backdrop backdrop_;   // by the path's margin larger than the picture
  types::Image noise_;  // larger than the frame; every frame takes another part of it
};

}  // namespace piste::render
