#include "client/link_advice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "client/options.h"
#include "client/progress_view.h"
#include "video/codec.h"

namespace piste::client {
namespace {

// From the guide's default down to where pose models begin to suffer.
constexpr std::array qualities{85, 80, 75, 70, 60, 50, 40, 30};
// Half the frames cost less accuracy than still lower quality; below 15 a lunge falls between frames.
constexpr double lowest_fps = 15;
constexpr double spare = 0.9;
// Of H.264: where the pose model begins to suffer (docs/performance.md).
constexpr double least_bits_per_pixel = 0.02;

std::string plain(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

std::string slow_computer(const std::string& late, double fps) {
  return "Sending is " + late +
         " s behind, and not for the link: this computer reads and encodes fewer than " + plain(fps) +
         " frames/s. A smaller --fps would fit.";
}

// As options, the best one first; empty: none does.
std::string settings_that_fit(const types::EncodedFrame& sample, const LinkLoad& load) {
  std::string out;
  if (const auto rate = bitrate_that_fits(sample.width, sample.height, load.fps, load.link)) {
    out = "--encoding h264 --bitrate " + std::to_string(*rate);
    if (sample.encoding != types::Encoding::h264) out += " (where the server takes it)";
  }
  const auto jpeg = setting_that_fits(sample, load.fps, load.link);
  if (!jpeg) return out;
  if (!out.empty()) out += ", or ";
  out += "--encoding jpeg --jpeg-quality " + std::to_string(jpeg->jpeg_quality);
  if (jpeg->fps < load.fps) out += " --fps " + plain(jpeg->fps);
  return out + " (" + describe_rate(jpeg->bits_per_second) + ")";
}

}  // namespace

std::optional<LinkSetting> setting_that_fits(const types::EncodedFrame& sample, double fps,
                                             double bits_per_second) {
  const auto image = video::decode(sample);
  if (!image) return std::nullopt;
  std::array<double, qualities.size()> bits_per_frame{};
  for (std::size_t i = 0; i < qualities.size(); ++i) {
    const auto bytes = video::encode_jpeg(*image, qualities[i]);
    if (!bytes) return std::nullopt;
    bits_per_frame[i] = 8.0 * static_cast<double>(bytes->size());
  }
  for (double rate = fps; rate == fps || rate >= lowest_fps; rate /= 2) {
    for (std::size_t i = 0; i < qualities.size(); ++i) {
      const double needed = bits_per_frame[i] * rate;
      if (needed <= spare * bits_per_second) return LinkSetting{qualities[i], rate, needed};
    }
  }
  return std::nullopt;
}

std::optional<int> bitrate_that_fits(int width, int height, double fps, double bits_per_second) {
  const double fitting = spare * bits_per_second;
  if (fitting < least_bits_per_pixel * width * height * fps) return std::nullopt;
  const double usual = default_bits_per_pixel * width * height * fps;
  return static_cast<int>(std::floor(std::min(fitting, usual) / 1000));
}

std::string advise(const types::EncodedFrame& sample, const LinkLoad& load) {
  std::array<char, 32> late{};
  std::snprintf(late.data(), late.size(), "%.1f", load.late);
  // No frame waits for the link: they were late before they reached it.
  if (load.waiting == 0) return slow_computer(late.data(), load.fps);
  std::string out = "The link is too slow: it carries " + describe_rate(load.link) + ", the frames need " +
                    describe_rate(load.needed) + " (" + late.data() + " s behind).";
  const std::string fitting = settings_that_fit(sample, load);
  if (fitting.empty())
    return out + " No setting would fit; record to a file and send that without --realtime.";
  return out + " This would fit: " + fitting + ".";
}

}  // namespace piste::client
