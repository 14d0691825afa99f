// Apart from files: FFmpeg's devices bring in a hundred libraries, for sound and windows, that a program
// without a camera then neither loads nor has in reach of a foreign file.
extern "C" {
#include <libavdevice/avdevice.h>
}

#include <algorithm>
#include <cctype>
#include <utility>

#include "video/file_reader.h"
#include "video/input.h"

namespace piste::video {
namespace {

std::string device_path(const std::string& device) {
  const bool index = !device.empty() && std::all_of(device.begin(), device.end(),
                                                    [](unsigned char c) { return std::isdigit(c); });
  return index ? "/dev/video" + device : device;
}

int open_device(AVFormatContext*& context, const std::string& path, const CameraOptions& wanted, bool jpeg) {
  Options options;
  if (jpeg) options.set("input_format", "mjpeg");
  if (wanted.width && wanted.height) {
    options.set("video_size", std::to_string(*wanted.width) + "x" + std::to_string(*wanted.height));
  }
  if (wanted.fps) options.set("framerate", std::to_string(*wanted.fps));
  return avformat_open_input(&context, path.c_str(), av_find_input_format("v4l2"), options.get());
}

}  // namespace

Result<std::unique_ptr<Input>> Input::open_camera(const std::string& device, const CameraOptions& options) {
  quiet_ffmpeg();
  avdevice_register_all();
  std::unique_ptr<Input> input(new Input);
  const std::string path = device_path(device);
  // JPEG first: over USB it is what makes 30 pictures a second of 720p possible, and it needs no encoding
  // here.
  int code = open_device(input->context_, path, options, true);
  if (code < 0) code = open_device(input->context_, path, options, false);
  if (code < 0) {
    return Error{ErrorCode::io,
                 "the camera " + device + " cannot be opened with these settings: " + ffmpeg_text(code)};
  }
  if (auto found = input->find_video(); !found) return found.error();
  return input;
}

Result<std::unique_ptr<Reader>> Reader::open_camera(const std::string& device, const CameraOptions& options) {
  auto input = Input::open_camera(device, options);
  if (!input) return input.error();
  return read(std::move(*input));
}

}  // namespace piste::video
