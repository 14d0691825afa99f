// A track's pictures, read where Safari lets a page read them: in a worker.
import { pump } from './pump';

interface TrackProcessor {
  readable: ReadableStream<VideoFrame>;
}
const scope = globalThis as unknown as {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack }) => TrackProcessor;
  onmessage: (event: MessageEvent<MediaStreamTrack | 'stop'>) => void;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  close(): void;
};
let stop: () => Promise<void> = async () => {};

// Ended from within: who ends a worker from without loses the pictures that are on their way, and they stay open.
async function end() {
  await stop();
  scope.close();
}

scope.onmessage = ({ data }) => {
  if (data === 'stop') return void end();
  const Processor = scope.MediaStreamTrackProcessor;
  scope.postMessage(Processor ? 'ready' : 'missing');
  if (!Processor) return;
  const stopped = pump(new Processor({ track: data }).readable, (frame) => scope.postMessage(frame, [frame]));
  stop = () => stopped().then(() => data.stop());
};
