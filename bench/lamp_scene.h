// Drawn phrases with a scoring box whose lamps come on at known moments, and all that looks like lamps and is
// none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "boxes/event.h"
#include "render/renderer.h"
#include "types/frame.h"
#include "types/lamp_places.h"

namespace piste::bench {

struct TrueLamp {
  types::Side side = types::Side::left;
  boxes::LampState state = boxes::LampState::valid;
  double on = 0;  // s
  double off = 0;
};

// One variant; the same seed is the same variant.
class LampScene {
 public:
  enum class Touches { yes, no };
  LampScene(std::uint64_t seed, Touches touches, double seconds);
  ~LampScene();
  LampScene(const LampScene&) = delete;
  LampScene& operator=(const LampScene&) = delete;

  double fps() const { return fps_; }
  int width() const { return width_; }
  int height() const { return height_; }
  int frames() const;
  // The frame in which the lamp is first seen to be on: more than a third of the exposure.
  int onset(const TrueLamp& lamp) const;
  const std::vector<TrueLamp>& lamps() const { return lamps_; }
  types::Area box() const;  // pixels
  const std::string& description() const { return description_; }
  // Encoded and decoded again, as a camera would give it. In order.
  types::Image next();

 private:
  struct Walker;
  struct Light;
  struct Coder;
  double some(double low, double high);
  bool chance(double part);
  void choose_camera();
  void choose_box(Touches touches);
  void choose_lookalikes();
  Light light(cv::Rect2d place, bool red, bool white) const;
  types::Image draw(int frame) const;
  void draw_walkers(cv::Mat& picture, double time, bool behind) const;
  void draw_lookalikes(cv::Mat& picture, double time) const;
  void draw_box(cv::Mat& picture, double time) const;
  void draw_second_box(cv::Mat& picture, double time) const;
  double lit(const TrueLamp& lamp, double time) const;
  void develop(cv::Mat& picture, int frame) const;
  static cv::Rect grow(const cv::Rect& place, int by);

  std::uint64_t state_;
  double seconds_;
  double fps_ = 30;
  int width_ = 1280;
  int height_ = 720;
  double exposure_ = .01;  // s
  double gain_ = 1;
  double blur_ = 0;
  double jitter_ = 0;   // px
  double pan_ = 0;      // px/s
  double flicker_ = 0;  // of the hall's light
  std::vector<double> flashes_;
  cv::Rect box_;
  cv::Rect second_;
  std::vector<Light> lights_;  // as lamps_
  std::vector<TrueLamp> lamps_;
  std::vector<Light> second_lights_;  // as second_lamps_
  std::vector<TrueLamp> second_lamps_;
  std::vector<Walker> walkers_;
  struct Sign {
    cv::Rect place;
    cv::Scalar colour;
    double sway = 0;
  };
  std::vector<Sign> signs_;
  bool graphic_ = false;  // a broadcast's: flat, sharp, and it does not move with the camera
  bool clock_ = false;    // digits that change each second
  cv::Scalar digits_;
  std::string description_;
  std::unique_ptr<render::Renderer> renderer_;
  std::unique_ptr<Coder> coder_;
  int next_ = 0;
};

}  // namespace piste::bench
