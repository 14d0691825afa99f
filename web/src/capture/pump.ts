// Reads the pictures of a track processor.
const longest = 500; // ms

// Returns what stops it. A picture that a browser has made for who waits for it is lost unclosed where the stream ends then, so the
// last one is waited for; a camera that sends none is not, for long.
export function pump(readable: ReadableStream<VideoFrame>, take: (frame: VideoFrame) => void): () => Promise<void> {
  const reader = readable.getReader();
  let over = false;
  const all = async () => {
    while (!over) {
      const { value } = await reader.read();
      if (!value) return;
      if (over) value.close();
      else take(value);
    }
  };
  const read = all();
  return async () => {
    over = true;
    await Promise.race([read, new Promise((resolve) => setTimeout(resolve, longest))]);
    await reader.cancel();
  };
}
