// H.264 by WebCodecs, as docs/protocol.md wants it: Annex B, a key frame each second with its SPS and PPS.
import { UnitWriter } from '../core/nal';
import type { Encoded, Encoder, Picture } from './encoder';

const codecs = ['avc1.640028', 'avc1.4d0028', 'avc1.42e028', 'avc1.42002a'];
const keySeconds = 1;
const mostWaiting = 3;

// The first configuration that the browser takes; it is asked, for what it can differs by size.
export async function h264Config({ width, height, fps, bitsPerSecond }: Picture) {
  if (!('VideoEncoder' in globalThis)) return undefined;
  for (const hardwareAcceleration of ['prefer-hardware', 'no-preference'] as const) {
    for (const codec of codecs) {
      const wanted: VideoEncoderConfig = {
        codec,
        width,
        height,
        framerate: fps,
        bitrate: bitsPerSecond,
        latencyMode: 'realtime',
        hardwareAcceleration,
        avc: { format: 'annexb' },
      };
      const answer = await VideoEncoder.isConfigSupported(wanted).catch(() => undefined);
      if (answer?.supported) return wanted;
    }
  }
  return undefined;
}

export class H264Encoder implements Encoder {
  readonly encoding = 'h264';
  private readonly encoder: VideoEncoder;
  private readonly writer = new UnitWriter();
  private readonly waiting: { timestamp: number; seconds: number }[] = [];
  private lastKey = Number.NEGATIVE_INFINITY;

  constructor(
    config: VideoEncoderConfig,
    private readonly out: (encoded: Encoded) => void,
    fail: (error: DOMException) => void,
  ) {
    this.encoder = new VideoEncoder({
      output: (chunk, metadata) => this.emit(chunk, metadata),
      error: fail,
    });
    this.encoder.configure(config);
  }

  encode(frame: VideoFrame, seconds: number) {
    if (this.encoder.encodeQueueSize < mostWaiting && this.encoder.state === 'configured') {
      const keyFrame = seconds - this.lastKey >= keySeconds;
      if (keyFrame) this.lastKey = seconds;
      this.waiting.push({ timestamp: frame.timestamp, seconds });
      this.encoder.encode(frame, { keyFrame });
    }
    frame.close();
  }

  // An encoder may drop frames without a word, and give a time back that is a microsecond off.
  private emit(chunk: EncodedVideoChunk, metadata: EncodedVideoChunkMetadata | undefined) {
    const own = this.waiting.findIndex(({ timestamp }) => Math.abs(timestamp - chunk.timestamp) <= 2);
    const [frame] = this.waiting.splice(0, own + 1).slice(-1);
    const description = metadata?.decoderConfig?.description;
    if (description) this.writer.describe(new Uint8Array(description as ArrayBuffer));
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    this.out({
      bytes: this.writer.write(bytes, chunk.type === 'key'),
      seconds: frame?.seconds ?? chunk.timestamp / 1e6,
    });
  }

  // One that fails has told so itself.
  async finish() {
    if (this.encoder.state !== 'configured') return;
    await this.encoder.flush().catch(() => {});
    if (this.encoder.state === 'configured') this.encoder.close();
  }
}
