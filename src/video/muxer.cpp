#include "video/muxer.h"

namespace piste::video {
namespace {

Error write_failure(int code) {
  return {ErrorCode::io, "the video cannot be written: " + ffmpeg_text(code)};
}

}  // namespace

Result<std::unique_ptr<Muxer>> Muxer::create(const std::filesystem::path& path, const char* format) {
  quiet_ffmpeg();
  std::unique_ptr<Muxer> muxer(new Muxer(path));
  // "file:" so that nothing in the name is taken for another protocol.
  const std::string url = "file:" + muxer->file_.path().string();
  int code = avformat_alloc_output_context2(&muxer->context_, nullptr, format, url.c_str());
  if (code < 0) return write_failure(code);
  code = avio_open(&muxer->context_->pb, url.c_str(), AVIO_FLAG_WRITE);
  if (code < 0) return write_failure(code);
  muxer->file_.hold();
  muxer->stream_ = avformat_new_stream(muxer->context_, nullptr);
  if (!muxer->stream_) return write_failure(AVERROR(ENOMEM));
  return muxer;
}

Muxer::~Muxer() {
  if (context_) avio_closep(&context_->pb);
  avformat_free_context(context_);
}

Result<base::Done> Muxer::begin(Options& options) {
  const int code = avformat_write_header(context_, options.get());
  if (code < 0) return write_failure(code);
  return base::Done{};
}

Result<base::Done> Muxer::write(AVPacket& packet, AVRational unit) {
  packet.stream_index = stream_->index;
  av_packet_rescale_ts(&packet, unit, stream_->time_base);
  const int code = av_write_frame(context_, &packet);
  if (code < 0) return write_failure(code);
  return base::Done{};
}

Result<base::Done> Muxer::finish() {
  int code = av_write_trailer(context_);
  const int closing = avio_closep(&context_->pb);
  if (code >= 0) code = closing;
  if (code < 0) return write_failure(code);
  if (file_.commit()) return Error{ErrorCode::io, "the video cannot be given its name"};
  return base::Done{};
}

}  // namespace piste::video
