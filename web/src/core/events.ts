// The moments of a phrase that are worth a stop: hits, contacts of the blades, findings.

import type { Result } from './protocol';
import { clamp } from './times';

export interface Span {
  begin: number;
  end: number;
}

// With what the box told on the frames' clock, as all else is.
export function onFramesClock(result: Result, logOffset: number): Result {
  const later = <T extends { time: number }>(one: T): T => ({ ...one, time: one.time + logOffset });
  const { touches, blade_contacts } = result.phrase;
  const phrase = { ...result.phrase, touches: touches.map(later), blade_contacts: blade_contacts.map(later) };
  return { ...result, phrase };
}

export function stops({ phrase, decision }: Result): number[] {
  const all = [
    ...phrase.touches.map(({ time }) => time),
    ...phrase.blade_contacts.map(({ time }) => time),
    ...decision.trace.map(({ time }) => time),
  ];
  return [...new Set(all)].sort((a, b) => a - b);
}

// The stop before or after t; with room, so that one does not stick to where one is.
export function stopFrom(times: readonly number[], t: number, direction: 1 | -1): number | undefined {
  return direction > 0 ? times.find((time) => time > t + 0.02) : times.findLast((time) => time < t - 0.02);
}

export function hitTime({ phrase }: Result): number | undefined {
  const times = phrase.touches.map(({ time }) => time);
  return times.length ? Math.min(...times) : undefined;
}

// From zero to the last that is known of.
export function wholeSpan(result: Result, times: readonly number[]): Span {
  const ends = [
    ...result.actions.map(({ end }) => end),
    ...result.phrase.touches.map(({ time }) => time),
    times.at(-1) ?? 0,
  ];
  return { begin: 0, end: Math.max(0.5, ...ends) };
}

// Zoomed about a place by a factor, within the whole.
export function zoomed({ begin, end }: Span, about: number, factor: number, whole: Span): Span {
  const length = clamp((end - begin) * factor, 0.3, whole.end - whole.begin);
  const part = (about - begin) / (end - begin);
  const from = clamp(about - part * length, whole.begin, whole.end - length);
  return { begin: from, end: from + length };
}
