// The picture zoomed: a scale and a shift of what is inside a frame, by wheel, drag, pinch, or to a box.
import type { Box } from '../core/keypoints';
import { clamp } from '../core/times';

const most = 8;

export class Zoom {
  scale = 1;
  private x = 0; // of the frame's width and height that are left of and above what is seen
  private y = 0;
  private readonly pointers = new Map<number, PointerEvent>();

  constructor(
    private readonly frame: HTMLElement,
    private readonly inside: HTMLElement,
  ) {
    frame.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    frame.addEventListener('pointerdown', (event) => this.pointers.set(event.pointerId, event));
    frame.addEventListener('pointermove', (event) => this.move(event));
    for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const) {
      frame.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    }
  }

  reset() {
    this.set(1, 0, 0);
  }

  // box: in pixels of a picture of this size.
  to(box: Box, width: number, height: number) {
    const scale = clamp(Math.min(width / box.width, height / box.height), 1, most);
    const [x, y] = [(box.x + box.width / 2) / width, (box.y + box.height / 2) / height];
    this.set(scale, x - 0.5 / scale, y - 0.5 / scale);
  }

  private set(scale: number, x: number, y: number) {
    this.scale = scale;
    this.x = clamp(x, 0, 1 - 1 / scale);
    this.y = clamp(y, 0, 1 - 1 / scale);
    this.inside.style.transform = `scale(${scale}) translate(${-this.x * 100}%, ${-this.y * 100}%)`;
    this.frame.style.touchAction = scale > 1 ? 'none' : 'pan-y';
  }

  private about(event: { clientX: number; clientY: number }, factor: number) {
    const at = this.frame.getBoundingClientRect();
    const [px, py] = [(event.clientX - at.x) / at.width, (event.clientY - at.y) / at.height];
    const scale = clamp(this.scale * factor, 1, most);
    this.set(scale, this.x + px / this.scale - px / scale, this.y + py / this.scale - py / scale);
  }

  private wheel(event: WheelEvent) {
    event.preventDefault();
    this.about(event, Math.exp(-event.deltaY / 400));
  }

  private move(event: PointerEvent) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const other = [...this.pointers.values()].find((one) => one.pointerId !== event.pointerId);
    this.pointers.set(event.pointerId, event);
    const at = this.frame.getBoundingClientRect();
    if (other) {
      const apart = (one: PointerEvent) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      this.about(event, apart(event) / Math.max(1, apart(before)));
    } else if (this.scale > 1) {
      const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
      this.set(this.scale, this.x - dx / at.width / this.scale, this.y - dy / at.height / this.scale);
    }
  }
}
