// The fencers' joints in each frame, and the frames' times.
import * as v from 'valibot';
import { pose } from './protocol';

export const keypoints = v.object({
  times: v.array(v.number()),
  frames: v.array(v.number()), // their numbers
  log_offset: v.optional(v.number(), 0), // the box's zero on the frames' clock
  left: v.array(pose),
  right: v.array(pose),
});
export type Keypoints = v.InferOutput<typeof keypoints>;

// COCO's joints that belong together.
export const bones = [
  [5, 7],
  [7, 9],
  [6, 8],
  [8, 10],
  [5, 6],
  [5, 11],
  [6, 12],
  [11, 12],
  [11, 13],
  [13, 15],
  [12, 14],
  [14, 16],
  [0, 5],
  [0, 6],
] as const;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

// Where both fencers are in frame i, with room around them; nothing where neither is seen.
export function around({ left, right }: Pick<Keypoints, 'left' | 'right'>, i: number, room = 0.25): Box | undefined {
  const points = [...(left[i] ?? []), ...(right[i] ?? [])].filter((point) => point !== null);
  if (!points.length) return undefined;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - x, Math.max(...ys) - y];
  const more = Math.max(width, height) * room;
  return { x: x - more, y: y - more, width: width + 2 * more, height: height + 2 * more };
}
