// Hits that a person taps, told to the service as a scoring box's log.
import type { Side } from './protocol';

export interface Tap {
  side: Side;
  seconds: number; // since the phrase's first frame
}

// A tap comes some .2 s after the lamp; the picture is some .08 s behind the lamp, too.
export const tapDelay = 0.12;
// Whoever taps with two thumbs does not part hits that lie nearer.
const together = 0.2;

// The taps that count: the first of each side, those apart by no more than a lockout can be.
export function counted(taps: readonly Tap[]): Tap[] {
  const inOrder = [...taps].sort((a, b) => a.seconds - b.seconds);
  return inOrder.filter((tap, i) => inOrder.findIndex((one) => one.side === tap.side) === i);
}

// Which of two hits was first no thumb can tell, so the log gives one time and says by the lamps whose it is: the lamps' line
// names the sides as the picture shows them, whichever way the box faces (docs/scoring-log.md, Sides).
export function boxLog(taps: readonly Tap[], end: number): string {
  const hits = counted(taps);
  const time = (seconds: number) => `${Math.max(0, seconds).toFixed(3)}s`;
  const lamp = (side: Side) => (hits.some((hit) => hit.side === side) ? 'HIT' : 'MISS');
  const first = hits[0]?.seconds ?? 0;
  return [
    ' 0.000s | Phrase recording started',
    ...(hits.length ? [` ${time(first)} | HIT: Simultaneous valid hits!`] : []),
    ` ${time(Math.max(end, first))} | Phrase recording ended`,
    `Scores -> Fencer 1: ${lamp('right')}, Fencer 2: ${lamp('left')}`,
    '',
  ].join('\n');
}

export function atOnce(taps: readonly Tap[]): boolean {
  const [first, second] = counted(taps);
  return first !== undefined && second !== undefined && second.seconds - first.seconds <= together;
}
