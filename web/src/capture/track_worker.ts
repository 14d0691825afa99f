// A track's pictures, read where Safari lets a page read them: in a worker.
export {};

interface TrackProcessor {
  readable: ReadableStream<VideoFrame>;
}
const scope = globalThis as unknown as {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack }) => TrackProcessor;
  onmessage: (event: MessageEvent<MediaStreamTrack | 'stop'>) => void;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  close(): void;
};
let reader: ReadableStreamDefaultReader<VideoFrame> | undefined;

async function pump(readable: ReadableStream<VideoFrame>) {
  reader = readable.getReader();
  for (let { value, done } = await reader.read(); !done && value; { value, done } = await reader.read()) {
    scope.postMessage(value, [value]);
  }
}

// Ended from within: who ends a worker from without loses the pictures that are on their way, and they stay open.
async function stop() {
  await reader?.cancel();
  scope.close();
}

scope.onmessage = ({ data }) => {
  if (data === 'stop') return void stop();
  const Processor = scope.MediaStreamTrackProcessor;
  scope.postMessage(Processor ? 'ready' : 'missing');
  if (Processor) void pump(new Processor({ track: data }).readable);
};
