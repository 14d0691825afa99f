#include "video/muxer.h"
#include "video/picture_encoder.h"
#include "video/writer.h"

namespace piste::video {
namespace {

// MP4 keeps SPS and PPS beside the pictures.
EncoderOptions for_file(const H264Options& options) {
  EncoderOptions encoder;
  encoder.threads = options.threads;
  encoder.preset = options.preset;
  encoder.quality = options.quality;
  encoder.headers_in_stream = false;
  encoder.key_interval = options.key_interval;
  return encoder;
}

Result<base::Done> begin_mp4(Muxer& muxer, const PictureEncoder& encoder) {
  if (auto described = encoder.describe(muxer.stream()); !described) return described;
  Options mp4;
  mp4.set("movflags", "+faststart");
  return muxer.begin(mp4);
}

class Mp4Writer final : public H264Writer {
 public:
  Mp4Writer(std::unique_ptr<PictureEncoder> encoder, std::unique_ptr<Muxer> muxer)
      : encoder_(std::move(encoder)), muxer_(std::move(muxer)) {}

  Result<base::Done> write(const types::Image& image, double time) override {
    return encoder_->write(image, time, to_file_);
  }

  Result<base::Done> finish() override {
    if (auto drained = encoder_->drain(to_file_); !drained) return drained;
    return muxer_->finish();
  }

 private:
  const std::unique_ptr<PictureEncoder> encoder_;
  const std::unique_ptr<Muxer> muxer_;
  const PictureEncoder::Sink to_file_ = [this](AVPacket& packet) {
    return muxer_->write(packet, PictureEncoder::unit);
  };
};

}  // namespace

Result<std::unique_ptr<H264Writer>> H264Writer::create(const std::filesystem::path& path, int width,
                                                       int height, double fps, const H264Options& options) {
  auto encoder = PictureEncoder::create(width, height, fps, for_file(options));
  if (!encoder) return encoder.error();
  auto muxer = Muxer::create(path, "mp4");
  if (!muxer) return muxer.error();
  if (auto begun = begin_mp4(**muxer, **encoder); !begun) return begun.error();
  return std::unique_ptr<H264Writer>(std::make_unique<Mp4Writer>(std::move(*encoder), std::move(*muxer)));
}

struct H264Run::State {
  std::unique_ptr<PictureEncoder> encoder;
  std::vector<PacketPtr> packets;

  PictureEncoder::Sink keep = [this](AVPacket& packet) -> Result<base::Done> {
    packets.emplace_back(av_packet_clone(&packet));
    if (!packets.back()) return Error{ErrorCode::io, "the H.264 video cannot be made: no memory"};
    return base::Done{};
  };
};

H264Run::H264Run(std::unique_ptr<State> state) : state_(std::move(state)) {}
H264Run::~H264Run() = default;

Result<std::unique_ptr<H264Run>> H264Run::create(int width, int height, double fps,
                                                 const H264Options& options) {
  auto encoder = PictureEncoder::create(width, height, fps, for_file(options));
  if (!encoder) return encoder.error();
  auto state = std::make_unique<State>();
  state->encoder = std::move(*encoder);
  return std::unique_ptr<H264Run>(new H264Run(std::move(state)));
}

Result<base::Done> H264Run::write(const types::Image& image, double time) {
  return state_->encoder->write(image, time, state_->keep);
}

Result<base::Done> H264Run::finish() {
  return state_->encoder->drain(state_->keep);
}

struct H264File::State {
  std::unique_ptr<Muxer> muxer;
  bool begun = false;
};

H264File::H264File(std::unique_ptr<State> state) : state_(std::move(state)) {}
H264File::~H264File() = default;

Result<std::unique_ptr<H264File>> H264File::create(const std::filesystem::path& path) {
  auto muxer = Muxer::create(path, "mp4");
  if (!muxer) return muxer.error();
  auto state = std::make_unique<State>();
  state->muxer = std::move(*muxer);
  return std::unique_ptr<H264File>(new H264File(std::move(state)));
}

Result<base::Done> H264File::append(const H264Run& run) {
  if (!state_->begun) {
    if (auto begun = begin_mp4(*state_->muxer, *run.state_->encoder); !begun) return begun;
    state_->begun = true;
  }
  for (const PacketPtr& packet : run.state_->packets) {
    if (auto written = state_->muxer->write(*packet, PictureEncoder::unit); !written) return written;
  }
  return base::Done{};
}

Result<base::Done> H264File::finish() {
  if (!state_->begun) return Error{ErrorCode::io, "the H.264 video cannot be made: it has no picture"};
  return state_->muxer->finish();
}

}  // namespace piste::video
