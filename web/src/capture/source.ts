// Three ways to a camera's pictures, the best that there is: a track processor here (Chrome), one in a worker (Safari), or the
// pictures of a <video> (Firefox), which stop when the page is hidden.
import { pump } from './pump';

export type SourceName = 'track' | 'worker' | 'video';

// A picture and when it was taken, in seconds on the camera's clock. Whoever takes it closes it.
export type Take = (frame: VideoFrame, seconds: number) => void;

interface TrackProcessor {
  readable: ReadableStream<VideoFrame>;
}
declare global {
  var MediaStreamTrackProcessor: (new (init: { track: MediaStreamTrack }) => TrackProcessor) | undefined;
}

function fromTrack(track: MediaStreamTrack, take: Take): () => void {
  const own = track.clone();
  const { readable } = new globalThis.MediaStreamTrackProcessor!({ track: own });
  const stop = pump(readable, (frame) => take(frame, frame.timestamp / 1e6));
  return () => void stop().then(() => own.stop());
}

function fromVideo(video: HTMLVideoElement, take: Take): () => void {
  let handle = 0;
  const next = (now: number, { captureTime }: VideoFrameCallbackMetadata) => {
    const seconds = (captureTime ?? now) / 1000;
    take(new VideoFrame(video, { timestamp: Math.round(seconds * 1e6) }), seconds);
    handle = video.requestVideoFrameCallback(next);
  };
  handle = video.requestVideoFrameCallback(next);
  return () => video.cancelVideoFrameCallback(handle);
}

// Nothing where the browser has no track processor in workers either.
async function fromWorker(track: MediaStreamTrack, take: Take): Promise<(() => void) | undefined> {
  const own = track.clone();
  const worker = new Worker(new URL('assets/track_worker.js', document.baseURI));
  const giveUp = () => {
    worker.terminate();
    own.stop();
    return undefined;
  };
  const stop = () => {
    worker.onmessage = ({ data }: MessageEvent<VideoFrame>) => data.close(); // pictures that are on their way
    worker.postMessage('stop'); // the track is the worker's
  };
  try {
    worker.postMessage(own, [own as unknown as Transferable]);
  } catch {
    return giveUp(); // tracks cannot be handed over
  }
  const works = await new Promise<boolean>((resolve) => {
    worker.onerror = () => resolve(false);
    worker.onmessage = ({ data }: MessageEvent<'ready' | 'missing' | VideoFrame>) => {
      if (data === 'ready' || data === 'missing') resolve(data === 'ready');
      else take(data, data.timestamp / 1e6);
    };
  });
  return works ? stop : giveUp();
}

// wanted: only this one. Returns its name and what stops it.
export async function openSource(
  track: MediaStreamTrack,
  video: HTMLVideoElement,
  take: Take,
  wanted?: SourceName,
): Promise<{ name: SourceName; stop: () => void }> {
  if (globalThis.MediaStreamTrackProcessor && (!wanted || wanted === 'track')) {
    return { name: 'track', stop: fromTrack(track, take) };
  }
  if (!wanted || wanted === 'worker') {
    const stop = await fromWorker(track, take);
    if (stop) return { name: 'worker', stop };
  }
  return { name: 'video', stop: fromVideo(video, take) };
}
