// What a screen in the hall shows: the phrase that is being fenced, then its verdict, until the next one begins. It hears what becomes
// of them (docs/http.md, As it happens); a verdict that was there before the screen was opened is never shown as a new one.
import * as v from 'valibot';
import { decision, score } from './protocol';
import { sight } from './sight';

const of = { session_id: v.string(), seq: v.number() };
const timed = { ...of, time: v.number() };

export const liveEvent = v.variant('type', [
  v.object({
    type: v.literal('hello'),
    server_time: v.number(),
    seq: v.number(),
    missed: v.boolean(),
    sessions: v.array(v.object({ session_id: v.string(), state: v.string() })),
  }),
  v.object({ type: v.literal('session_state'), ...of, state: v.string() }),
  v.object({ type: v.literal('decision'), ...timed, decision }),
  v.object({ type: v.literal('phrase_decision'), ...timed, number: v.number(), decision }),
  v.object({ type: v.literal('phrase_complete'), ...of, number: v.number(), score, folder: v.string() }),
  v.object({ type: v.literal('sight'), ...timed, ...sight.entries }),
  v.object({ type: v.literal('changed'), ...of }),
  v.object({ type: v.literal('deleted'), ...of }),
]);
export type LiveEvent = v.InferOutput<typeof liveEvent>;
export type Sighted = Extract<LiveEvent, { type: 'sight' }>;

export interface Verdict {
  is: 'verdict';
  id: string;
  number?: number | undefined; // of a bout's phrase
  part?: string | undefined; // likewise, as soon as all of it is there
  goesOn?: boolean | undefined; // the bout, after it
  decision: v.InferOutput<typeof decision>;
  time: number; // on the service's clock
  score?: v.InferOutput<typeof score> | undefined; // of a bout, after it
}
export type Shown = { is: 'waiting' } | { is: 'filming' | 'judging' | 'failed'; id: string } | Verdict;

type Running = 'filming' | 'judging';

function runningState(state: string): Running {
  return state === 'PROCESSING' || state === 'CLEANUP' ? 'judging' : 'filming';
}

function isFilming(state: string): boolean {
  return !['COMPLETE', 'FAILED', 'GONE'].includes(state) && runningState(state) === 'filming';
}

// A phrase is followed to its end, also beside younger ones.
function isBusyWithAnother(shown: Shown, id: string): boolean {
  return (shown.is === 'filming' || shown.is === 'judging') && shown.id !== id;
}

function begun(shown: Shown, { session_id: id, state }: { session_id: string; state: string }): Shown {
  if (isBusyWithAnother(shown, id)) return shown;
  const own = 'id' in shown && shown.id === id;
  // A bout that was resumed goes on.
  if (own && shown.is === 'verdict' && shown.goesOn && isFilming(state)) return shown;
  if (own && shown.is === 'verdict') return shown.goesOn ? { ...shown, goesOn: false } : shown;
  // Who comes after the decision is not told of it any more.
  if (state === 'COMPLETE') return own ? { is: 'waiting' } : shown;
  if (state === 'FAILED' || state === 'GONE') return own ? { is: 'failed', id } : shown;
  return { is: runningState(state), id };
}

// What is running when one comes, or comes back; what was followed and is not running any more has been told of, unless that was missed.
function greeted(shown: Shown, hello: Extract<LiveEvent, { type: 'hello' }>): Shown {
  const busy = shown.is === 'filming' || shown.is === 'judging';
  const lost = busy && hello.missed && !hello.sessions.some(({ session_id }) => session_id === shown.id);
  // Of one that is being judged the decision may have been told already; if it was not, it comes.
  const last = hello.sessions.filter(({ state }) => runningState(state) === 'filming').at(-1);
  if (last && (lost || shown.is === 'waiting')) return begun({ is: 'waiting' }, last);
  return lost ? { is: 'waiting' } : shown;
}

export function next(shown: Shown, event: LiveEvent): Shown {
  switch (event.type) {
    case 'hello':
      return greeted(shown, event);
    case 'session_state':
      return begun(shown, event);
    case 'decision':
    case 'phrase_decision': {
      const { session_id: id, decision, time } = event;
      if (isBusyWithAnother(shown, id)) return shown;
      const ofBout = 'number' in event && { number: event.number, goesOn: true };
      return { is: 'verdict', id, decision, time, ...ofBout };
    }
    case 'phrase_complete': {
      const own = shown.is === 'verdict' && shown.id === event.session_id && shown.number === event.number;
      return own ? { ...shown, score: event.score, part: event.folder } : shown;
    }
    case 'deleted':
      return 'id' in shown && shown.id === event.session_id ? { is: 'waiting' } : shown;
    case 'sight':
    case 'changed':
      return shown;
  }
}
