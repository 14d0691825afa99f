// Frames and their times, ascending, in seconds. The frame's index is the truth; a time only leads to it.

// The index of the time nearest to t; 0 where there are none.
export function nearest(times: readonly number[], t: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < t) low = middle + 1;
    else high = middle;
  }
  return low > 0 && t - times[low - 1]! < times[low]! - t ? low - 1 : Math.max(0, low);
}

// Between two frames, seconds: over all of them.
export function typicalGap(times: readonly number[]): number {
  return times.length > 1 ? (times.at(-1)! - times[0]!) / (times.length - 1) : 0.04;
}

// Where to seek so that frame i is shown: the middle of its interval, which no rounding makes another's.
export function middleOf(times: readonly number[], i: number): number {
  const begin = times[i] ?? 0;
  const next = times[i + 1];
  const length = next === undefined ? begin - (times[i - 1] ?? begin) : next - begin;
  return begin + (length || 0.01) / 2;
}

// A phrase's frames, and the moment by which it is laid beside another.
export interface Strip {
  readonly times: readonly number[];
  readonly anchor: number;
}

// The frame of `other` that lies as far from its anchor as frame i of `one` from its own.
export function beside(one: Strip, i: number, other: Strip): number {
  return nearest(other.times, other.anchor + (one.times[i] ?? one.anchor) - one.anchor);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
