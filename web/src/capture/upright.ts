// A phone turns, and says so beside the picture; an encoder writes the picture as it lies. So pictures that are turned, or that
// have another size than the phrase began with, are drawn upright into that size.
export class Upright {
  private canvas: OffscreenCanvas | undefined;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {}

  // The frame itself where it lies right, else a drawn one; the frame is closed then.
  turn(frame: VideoFrame): VideoFrame {
    const turned = (frame as VideoFrame & { rotation?: number }).rotation ?? 0;
    const fits = frame.displayWidth === this.width && frame.displayHeight === this.height;
    const stretched = frame.codedWidth > frame.codedHeight !== frame.displayWidth > frame.displayHeight;
    if (!turned && fits && !stretched) return frame;
    this.canvas ??= new OffscreenCanvas(this.width, this.height);
    const context = this.canvas.getContext('2d', { alpha: false })!;
    const scale = Math.min(this.width / frame.displayWidth, this.height / frame.displayHeight);
    const [w, h] = [frame.displayWidth * scale, frame.displayHeight * scale];
    context.fillRect(0, 0, this.width, this.height);
    context.drawImage(frame, (this.width - w) / 2, (this.height - h) / 2, w, h);
    const drawn = new VideoFrame(this.canvas, { timestamp: frame.timestamp });
    frame.close();
    return drawn;
  }
}
