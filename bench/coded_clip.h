// The same pictures in several encodings, and what each costs.
#pragma once

#include <memory>
#include <string>

#include "pose_chain.h"
#include "types/frame.h"
#include "video/unit_encoder.h"

namespace piste::bench {

// How pictures are sent: JPEG of a quality, or H.264 of a bandwidth.
struct Coding {
  std::string name;
  int jpeg_quality = 0;       // 0: H.264
  double bits_per_pixel = 0;  // of each frame
};

class CodedClip {
 public:
  CodedClip(Coding coding, int width, int height, double fps);

  void add(const types::Image& image, double time);

  const Coding& coding() const { return coding_; }
  const Clip& clip() const { return clip_; }
  double encode_ms() const { return encode_ms_; }  // of a core, all frames
  double decode_ms() const;                        // likewise

 private:
  types::EncodedFrame encode(const types::Image& image, double time);

  const Coding coding_;
  Clip clip_;
  std::unique_ptr<video::UnitEncoder> encoder_;  // none: JPEG
  double encode_ms_ = 0;
};

}  // namespace piste::bench
