// How often people, who said what they saw, and the service were of one mind; in numbers of phrases, as a share of few says little.
import type { Judged } from './library';

export interface Count {
  of: number;
  agreed: number;
  expected: number; // what share of them the service itself expected to be right
}

// From which confidence on: as sure as the words say (words/*.ts, `sure`).
export const bands = [0, 0.6, 0.75, 0.9];

// People have said who: what they could not say is left out.
export function settled(phrases: readonly Judged[]): Judged[] {
  return phrases.filter(({ human_verdict }) => human_verdict && human_verdict !== 'unclear');
}

export function count(phrases: readonly Judged[]): Count {
  const said = settled(phrases);
  const sum = said.reduce((total, { confidence }) => total + confidence, 0);
  return {
    of: said.length,
    agreed: said.filter(({ winner, human_verdict }) => winner === human_verdict).length,
    expected: said.length ? sum / said.length : 0,
  };
}

// Who judges before the verdict is seen cannot lean to it: these are counted apart.
export function byBlindness(phrases: readonly Judged[]): { blind: Count; seen: Count } {
  return {
    blind: count(phrases.filter(({ human_blind }) => human_blind)),
    seen: count(phrases.filter(({ human_blind }) => !human_blind)),
  };
}

function band({ confidence }: Judged): number {
  return bands.findLastIndex((from) => confidence >= from);
}

export function bySureness(phrases: readonly Judged[]): Count[] {
  return bands.map((_, at) => count(phrases.filter((phrase) => band(phrase) === at)));
}

// By month, "2026-11", the newest first.
export function byMonth(phrases: readonly Judged[]): [string, Count][] {
  const months = new Map<string, Judged[]>();
  for (const phrase of settled(phrases)) {
    const month = phrase.started.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), phrase]);
  }
  return [...months].sort(([a], [b]) => (a < b ? 1 : -1)).map(([month, own]) => [month, count(own)]);
}

// Wilson's interval: where the share may lie with 95 of 100.
export function interval({ of, agreed }: Pick<Count, 'of' | 'agreed'>): [number, number] {
  if (!of) return [0, 1];
  const z = 1.96;
  const share = agreed / of;
  const middle = share + (z * z) / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const whole = 1 + (z * z) / of;
  return [Math.max(0, (middle - reach) / whole), Math.min(1, (middle + reach) / whole)];
}
