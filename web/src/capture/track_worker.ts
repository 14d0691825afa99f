// A track's pictures, read where Safari lets a page read them: in a worker.
export {};

interface TrackProcessor {
  readable: ReadableStream<VideoFrame>;
}
const scope = globalThis as unknown as {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack }) => TrackProcessor;
  onmessage: (event: MessageEvent<MediaStreamTrack>) => void;
  postMessage(message: unknown, transfer?: Transferable[]): void;
};

async function pump(readable: ReadableStream<VideoFrame>) {
  const reader = readable.getReader();
  for (let { value, done } = await reader.read(); !done && value; { value, done } = await reader.read()) {
    scope.postMessage(value, [value]);
  }
}

scope.onmessage = ({ data }) => {
  const Processor = scope.MediaStreamTrackProcessor;
  scope.postMessage(Processor ? 'ready' : 'missing');
  if (Processor) void pump(new Processor({ track: data }).readable);
};
