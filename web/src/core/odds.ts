// The decision as its findings add up: their weights are log-odds of left (docs/protocol.md, trace).
import type { Decision, Finding } from './protocol';

export function logOdds(trace: readonly Finding[]): number {
  return trace.reduce((sum, { favours, weight }) => sum + (favours === 'left' ? weight : favours ? -weight : 0), 0);
}

// How likely left is by these findings, 0 to 1.
export function leftShare(trace: readonly Finding[]): number {
  return 1 / (1 + Math.exp(-logOdds(trace)));
}

// What weighs anything, the heaviest first.
export function weighty(decision: Decision): Finding[] {
  return decision.trace.filter((one) => one.favours && one.weight > 0.005).sort((a, b) => b.weight - a.weight);
}
