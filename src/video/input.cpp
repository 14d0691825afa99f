#include "video/input.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "video/limits.h"

namespace piste::video {
namespace {

constexpr int buffer_size = 1 << 16;

// FFmpeg's names. What else it can read stays closed: games, playlists, pictures, captures of screens long
// ago.
constexpr const char* containers =
    "mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,mxf,dv,ivf,mjpeg,h264,hevc,m4v,obu";
constexpr const char* codecs =
    "h264,hevc,mjpeg,vp8,libvpx,vp9,libvpx-vp9,libdav1d,libaom-av1,av1,mpeg4,h263,mpeg1video,mpeg2video,"
    "prores,dnxhd,ffv1,"
    "png,rawvideo,huffyuv,ffvhuff,utvideo,dvvideo,v210,cfhd,vc1,wmv1,wmv2,wmv3,msmpeg4,msmpeg4v1,msmpeg4v2,"
    "flv";

int read_file(void* opaque, std::uint8_t* out, int size) {
  auto* file = static_cast<std::FILE*>(opaque);
  const std::size_t count = std::fread(out, 1, static_cast<std::size_t>(size), file);
  if (count > 0) return static_cast<int>(count);
  return std::ferror(file) ? AVERROR(EIO) : AVERROR_EOF;
}

std::int64_t seek_file(void* opaque, std::int64_t offset, int whence) {
  auto* file = static_cast<std::FILE*>(opaque);
  if (whence & AVSEEK_SIZE) {
    const auto here = ::ftello(file);
    if (::fseeko(file, 0, SEEK_END) != 0) return AVERROR(EIO);
    const auto size = ::ftello(file);
    return ::fseeko(file, here, SEEK_SET) == 0 ? size : AVERROR(EIO);
  }
  if (::fseeko(file, offset, whence & ~AVSEEK_FORCE) != 0) return AVERROR(EIO);
  return ::ftello(file);
}

// For demuxers that want further files: playlists, references, subtitles beside the video.
int refuse_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

std::uint64_t big_endian(const unsigned char* bytes, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | bytes[i];
  return value;
}

// Whether it is an MP4 or MOV file of which the index is missing: cameras write it last. Walks the boxes
// (ISO/IEC 14496-12, 4.2) from one to the next.
bool lacks_index(std::FILE* file) {
  constexpr int most_boxes = 10000;
  bool is_mp4 = false;
  std::uint64_t at = 0;
  for (int i = 0; i < most_boxes; ++i) {
    unsigned char header[16];
    if (::fseeko(file, static_cast<off_t>(at), SEEK_SET) != 0 || std::fread(header, 1, 8, file) != 8)
      return is_mp4;
    const std::string type(reinterpret_cast<const char*>(header + 4), 4);
    if (type == "moov") return false;
    const bool known = type == "ftyp" || type == "mdat" || type == "wide" || type == "free" || type == "skip";
    if (!is_mp4 && !known) return false;
    is_mp4 = is_mp4 || type == "ftyp" || type == "mdat";
    std::uint64_t size = big_endian(header, 4);
    if (size == 0) return is_mp4;  // to the file's end
    if (size == 1) {
      if (std::fread(header + 8, 1, 8, file) != 8) return is_mp4;
      size = big_endian(header + 8, 8);
    }
    if (size < 8 || size > (std::uint64_t{1} << 62) - at) return is_mp4;
    at += size;
  }
  return false;
}

// A lone JPEG and the first of many look alike, and FFmpeg takes either for a picture of a kind that stays
// closed.
const AVInputFormat* demuxer_for(std::FILE* file) {
  unsigned char start[3] = {};
  const bool jpeg = std::fread(start, 1, sizeof start, file) == sizeof start && start[0] == 0xFF &&
                    start[1] == 0xD8 && start[2] == 0xFF;
  std::rewind(file);
  return jpeg ? av_find_input_format("mjpeg") : nullptr;
}

std::string why_not_readable(std::FILE* file, int code) {
  if (code == AVERROR(EINVAL)) return "not a video of a kind that is taken; " + std::string(taken_formats);
  std::clearerr(file);
  if (std::fseek(file, 0, SEEK_END) == 0 && std::ftell(file) == 0)
    return "not a readable video: the file is empty";
  if (lacks_index(file)) {
    return "the recording was not finished: the file has no index (moov), which cameras write when a "
           "recording is stopped. "
           "Stop the recording before the file is copied";
  }
  return "not a readable video: " + ffmpeg_text(code);
}

}  // namespace

bool is_taken(const AVCodec& decoder) {
  const std::string list = std::string(",") + codecs + ",";
  return list.find(std::string(",") + decoder.name + ",") != std::string::npos;
}

// FFmpeg gets the open file, not its name, and no protocol at all: whatever a foreign file asks for besides
// (the parts of a playlist, another URL), in this context or one that a demuxer nests in it, cannot be
// opened.
int Input::open_demuxer(std::FILE* file) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_size));
  io_ = avio_alloc_context(buffer, buffer_size, 0, file, read_file, nullptr, seek_file);
  context_ = avformat_alloc_context();
  if (!buffer || !io_ || !context_) return AVERROR(ENOMEM);
  context_->pb = io_;
  context_->io_open = refuse_open;
  Options options;
  options.set("protocol_whitelist", "none");
  options.set("format_whitelist", containers);
  options.set("codec_whitelist", codecs);
  return avformat_open_input(&context_, "", demuxer_for(file), options.get());
}

Result<std::unique_ptr<Input>> Input::open_file(int descriptor) {
  quiet_ffmpeg();
  std::unique_ptr<Input> input(new Input);
  input->file_ = ::fdopen(descriptor, "rb");
  if (!input->file_) return Error{ErrorCode::io, "the video file cannot be opened"};
  if (const int code = input->open_demuxer(input->file_); code < 0) {
    return Error{ErrorCode::unreadable, why_not_readable(input->file_, code)};
  }
  if (auto found = input->find_video(); !found) return found.error();
  return input;
}

Input::~Input() {
  avformat_close_input(&context_);
  if (io_) av_freep(&io_->buffer);
  avio_context_free(&io_);
  if (file_) std::fclose(file_);
}

Result<base::Done> Input::find_video() {
  // The probe decodes too: the same bounds as for the reader's own decoder.
  std::vector<AVDictionary*> bounds(context_->nb_streams, nullptr);
  for (auto& entry : bounds) {
    av_dict_set_int(&entry, "max_pixels", max_pixels, 0);
    av_dict_set_int(&entry, "threads", 1, 0);
  }
  const int code = avformat_find_stream_info(context_, bounds.empty() ? nullptr : bounds.data());
  for (auto& entry : bounds) av_dict_free(&entry);
  video_ = code < 0 ? code : av_find_best_stream(context_, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (video_ < 0 || video().disposition & AV_DISPOSITION_ATTACHED_PIC) {
    return Error{ErrorCode::unreadable, "the file holds no video"};
  }
  // Sound and subtitles are not even taken apart.
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    if (static_cast<int>(i) != video_) context_->streams[i]->discard = AVDISCARD_ALL;
  }
  const AVCodecParameters& parameters = *video().codecpar;
  if (is_reasonable_size(parameters.width, parameters.height)) return base::Done{};
  return Error{ErrorCode::unsupported, "the video's size " + std::to_string(parameters.width) + "x" +
                                           std::to_string(parameters.height) + " is out of range"};
}

int Input::read(AVPacket& packet) {
  for (;;) {
    av_packet_unref(&packet);
    const int code = av_read_frame(context_, &packet);
    if (code < 0 || packet.stream_index == video_) return code;
  }
}

}  // namespace piste::video
