// What the files that speak to FFmpeg share. Internal to the module.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

#include "video/error.h"

namespace piste::video {

// For FFmpeg's functions that take a pointer to the pointer and clear it.
template <auto Free>
struct FreeByAddress {
  template <class T>
  void operator()(T* pointer) const {
    Free(&pointer);
  }
};

using PacketPtr = std::unique_ptr<AVPacket, FreeByAddress<av_packet_free>>;
using FramePtr = std::unique_ptr<AVFrame, FreeByAddress<av_frame_free>>;
using CodecPtr = std::unique_ptr<AVCodecContext, FreeByAddress<avcodec_free_context>>;

struct FreeScaler {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using ScalerPtr = std::unique_ptr<SwsContext, FreeScaler>;

class Options {
 public:
  ~Options() { av_dict_free(&entries_); }
  Options() = default;
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  void set(const char* name, const std::string& value) { av_dict_set(&entries_, name, value.c_str(), 0); }
  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

// FFmpeg's words for one of its error numbers.
std::string ffmpeg_text(int error);

// FFmpeg writes to stderr of its own accord; what matters comes back as an error. Cheap to call again.
void quiet_ffmpeg();

}  // namespace piste::video
