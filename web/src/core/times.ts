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

// Where to seek so that frame i is shown: the middle of its interval, which no rounding makes another's.
export function middleOf(times: readonly number[], i: number): number {
  const begin = times[i] ?? 0;
  const next = times[i + 1];
  const length = next === undefined ? begin - (times[i - 1] ?? begin) : next - begin;
  return begin + (length || 0.01) / 2;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
