// JPEG pictures, for browsers that encode no H.264: made in a worker.
import type { Encoded, Encoder } from './encoder';

const mostWaiting = 3;

export class JpegEncoder implements Encoder {
  readonly encoding = 'jpeg';
  private readonly worker = new Worker(new URL('assets/jpeg_worker.js', document.baseURI));
  private waiting = 0;
  private over = false;
  private idle: () => void = () => {};

  constructor(out: (encoded: Encoded) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<Encoded>) => {
      out(data);
      if (--this.waiting === 0) this.idle();
    };
  }

  encode(frame: VideoFrame, seconds: number) {
    if (this.over || this.waiting >= mostWaiting) {
      frame.close();
      return;
    }
    ++this.waiting;
    this.worker.postMessage({ frame, seconds }, [frame]);
  }

  async finish() {
    this.over = true;
    if (this.waiting) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
      });
    }
    this.worker.terminate();
  }
}
