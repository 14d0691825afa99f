// One picture after the other becomes a JPEG.
export {};

interface Work {
  frame: VideoFrame;
  seconds: number;
}
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Work>) => void;
  postMessage(message: unknown, transfer?: Transferable[]): void;
};
let canvas: OffscreenCanvas | undefined;
let before: Promise<void> = Promise.resolve();

async function encode({ frame, seconds }: Work) {
  canvas ??= new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
  canvas.getContext('2d', { alpha: false })?.drawImage(frame, 0, 0);
  frame.close();
  const picture = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  const bytes = new Uint8Array(await picture.arrayBuffer());
  scope.postMessage({ bytes, seconds }, [bytes.buffer]);
}

scope.onmessage = ({ data }) => {
  before = before.then(() => encode(data));
};
