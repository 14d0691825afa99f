// What the two encoders share, and which one a browser gets.
import { H264Encoder, h264Config } from './h264';
import { JpegEncoder } from './jpeg';

export interface Encoded {
  bytes: Uint8Array<ArrayBuffer>;
  seconds: number;
}

export interface Picture {
  width: number;
  height: number;
  fps: number;
  bitsPerSecond: number;
}

export interface Encoder {
  readonly encoding: 'h264' | 'jpeg';
  // Takes a frame and closes it, also when it is dropped for want of time.
  encode(frame: VideoFrame, seconds: number): void;
  // Until all that was taken has come out.
  finish(): Promise<void>;
}

export async function chooseEncoder(
  picture: Picture,
  out: (encoded: Encoded) => void,
  fail: (error: DOMException) => void,
  wanted?: 'h264' | 'jpeg',
): Promise<Encoder> {
  const config = wanted === 'jpeg' ? undefined : await h264Config(picture);
  return config ? new H264Encoder(config, out, fail) : new JpegEncoder(out);
}
