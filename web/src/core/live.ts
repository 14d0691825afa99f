// What a screen in the hall shows: the phrase that is being fenced, then its verdict, until the next one begins. A verdict that was
// there before the screen was opened is never shown as a new one.
import type { Result, Statistics } from './protocol';

export type Shown =
  | { is: 'waiting' }
  | { is: 'filming' | 'judging' | 'failed'; id: string }
  | { is: 'verdict'; id: string; result: Result; since: number };

// What became of a phrase that is not in the statistics any more.
export type Fate = { is: 'judging' | 'filming' | 'failed' } | { is: 'done'; result: Result };

// The phrase to follow: the one that is followed while it runs, else the one that began last.
export function followed(shown: Shown, { sessions }: Statistics): string | undefined {
  if ('id' in shown && shown.is !== 'verdict' && shown.id in sessions) return shown.id;
  const running = Object.entries(sessions).sort(([, a], [, b]) => a.duration_seconds - b.duration_seconds);
  return running.find(([id]) => !('id' in shown) || id !== shown.id || shown.is !== 'verdict')?.[0];
}

function judged(state: string): boolean {
  return state === 'PROCESSING' || state === 'CLEANUP' || state === 'COMPLETE';
}

// One look at the service. fate: asked only about a phrase that has gone out of the statistics.
export async function next(
  shown: Shown,
  statistics: Statistics,
  fate: (id: string) => Promise<Fate>,
  now: number,
): Promise<Shown> {
  const id = followed(shown, statistics);
  if (id !== undefined) return { is: judged(statistics.sessions[id]!.state) ? 'judging' : 'filming', id };
  if (shown.is !== 'filming' && shown.is !== 'judging') return shown;
  const became = await fate(shown.id);
  if (became.is === 'done') return { is: 'verdict', id: shown.id, result: became.result, since: now };
  return { is: became.is, id: shown.id };
}
