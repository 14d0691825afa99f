// A phrase from the camera to the service: source, encoder and sender together.
import type { Tap } from '../core/hits';
import type { told } from '../core/marks';
import { oneOf } from '../core/pace';
import type { Side } from '../core/protocol';
import { chooseEncoder, type Encoder } from './encoder';
import { type Listener, PhraseSender } from './sender';
import { openSource, type SourceName } from './source';
import { Upright } from './upright';

export interface Wishes {
  source?: SourceName | undefined;
  encoding?: 'h264' | 'jpeg' | undefined;
}

export interface Setup {
  id: string;
  weapon: string;
  fps: number;
  bitsPerSecond: number;
  marks: ReturnType<typeof told>;
  wishes: Wishes;
  mode: 'phrase' | 'bout';
  piste: string; // empty: not said
}

// Beyond it pictures are left out until the net has taken some: nothing that was encoded is.
const mostUnsent = 48 << 20;
// The first pictures of a track may carry another clock's time.
const unsettled = 2;

export class Filming {
  pictures = 0;
  leftOut = 0; // because the net was slow
  touched = false; // of a bout: a hit was told
  source: SourceName | undefined;
  private last = Number.NEGATIVE_INFINITY;
  // performance.now() less the camera's clock, as the picture that came soonest tells it.
  private clock = Number.POSITIVE_INFINITY;
  private skip = unsettled;
  private offered = 0; // since the picture that was taken last
  private stopSource: () => void = () => {};

  private constructor(
    private readonly encoder: Encoder,
    private readonly sender: PhraseSender,
    private readonly upright: Upright,
    private readonly fps: number,
  ) {}

  static async begin(
    stream: MediaStream,
    video: HTMLVideoElement,
    connect: () => WebSocket,
    setup: Setup,
    listener: Listener,
  ): Promise<Filming> {
    const [width, height] = [video.videoWidth & ~1, video.videoHeight & ~1];
    const { fps, bitsPerSecond, weapon, marks, wishes, mode, piste } = setup;
    let sender: PhraseSender | undefined;
    const encoder = await chooseEncoder(
      { width, height, fps, bitsPerSecond },
      (encoded) => sender?.push(encoded),
      (error) => listener.failed(error.message),
      wishes.encoding,
    );
    const named = piste && { piste };
    const start = {
      session_id: setup.id,
      fps,
      width,
      height,
      encoding: encoder.encoding,
      weapon,
      mode,
      ...marks,
      ...named,
    };
    sender = new PhraseSender(connect, start, listener);
    const filming = new Filming(encoder, sender, new Upright(width, height), fps);
    const track = stream.getVideoTracks()[0]!;
    const source = await openSource(track, video, (frame, seconds) => filming.take(frame, seconds), wishes.source);
    filming.source = source.name;
    filming.stopSource = source.stop;
    return filming;
  }

  get encoding(): string {
    return this.encoder.encoding;
  }

  get seconds(): number {
    return this.sender.first === undefined ? 0 : this.last - this.sender.first;
  }

  get unsentBytes(): number {
    return this.sender.unsent.bytes;
  }

  // Without what a service had and another gets again: that is no fault of the net's.
  get behindBytes(): number {
    return this.sender.unsent.newBytes;
  }

  // now: of performance.now(), when the side was tapped.
  tap(side: Side, now: number, delay: number): Tap {
    return { side, seconds: Math.max(0, now / 1000 - this.clock - delay - (this.sender.first ?? 0)) };
  }

  // Of a bout: it is told at once.
  touch(side: Side, now: number, delay: number) {
    this.touched = true;
    this.sender.touch({ side, timestamp: now / 1000 - this.clock - delay });
  }

  async end(log: (seconds: number) => string) {
    this.stopSource();
    await this.encoder.finish();
    this.sender.end(log(this.seconds));
  }

  abort() {
    this.stopSource();
    this.sender.abort();
    void this.encoder.finish();
  }

  get isSlow(): boolean {
    return oneOf(this.sender.waiting, this.fps) > 1;
  }

  // Left out before the encoder, a picture is missed by no other.
  private isWanted(seconds: number): boolean {
    if (this.skip-- > 0 || seconds <= this.last) return false;
    if (++this.offered < oneOf(this.sender.waiting, this.fps) || this.behindBytes > mostUnsent) {
      ++this.leftOut;
      return false;
    }
    this.offered = 0;
    return true;
  }

  private take(frame: VideoFrame, seconds: number) {
    if (!this.isWanted(seconds)) return frame.close();
    this.clock = Math.min(this.clock, performance.now() / 1000 - seconds);
    this.last = seconds;
    ++this.pictures;
    this.encoder.encode(this.upright.turn(frame), seconds);
  }
}
