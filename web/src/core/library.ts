// The list of phrases, and what people say of one (docs/http.md).
import * as v from 'valibot';
import { type Winner, winner } from './protocol';
import type { Service } from './service';
import type { Row } from './table';

const said = v.picklist(['left', 'right', 'none', 'unclear']);
export type Said = v.InferOutput<typeof said>;

const judged = v.object({
  id: v.string(),
  state: v.literal('COMPLETE'),
  started: v.string(),
  duration: v.number(),
  winner: v.union([winner, v.literal('')]), // of a whole bout there is none
  confidence: v.number(),
  review: v.boolean(),
  weapon: v.string(),
  name: v.string(),
  bout: v.nullable(v.string()),
  fencers: v.object({ left: v.string(), right: v.string() }),
  piste: v.nullable(v.string()),
  reason: v.optional(v.string(), ''),
  tags: v.array(v.string()),
  human_verdict: v.nullable(said),
  human_blind: v.boolean(),
  version: v.string(),
  artifacts: v.array(v.string()),
});
export type Listed = v.InferOutput<typeof judged>;
export type Judged = Listed & { winner: Winner };

export const list = v.object({
  sessions: v.array(v.union([judged, v.object({ id: v.string(), state: v.string() })])),
  next: v.nullable(v.string()),
});

const personsVerdict = v.object({
  reasons: v.array(v.string()),
  note: v.string(),
  by: v.string(),
  blind: v.boolean(),
  at: v.string(),
});
export const people = v.object({
  human_verdict: v.nullable(v.object({ winner: said, ...personsVerdict.entries })),
  // The newest last; without a winner: taken back.
  history: v.array(v.object({ winner: v.nullable(said), ...personsVerdict.entries })),
});
export type People = v.InferOutput<typeof people>;

export const names = v.object({
  name: v.string(),
  bout: v.nullable(v.string()),
  fencers: v.object({ left: v.string(), right: v.string() }),
  piste: v.nullable(v.string()),
  tags: v.array(v.string()),
});
export type Names = v.InferOutput<typeof names>;

// What lets somebody without a token read one phrase for a time.
export const link = v.object({ sig: v.string(), expires: v.string() });

export interface Wanted {
  words?: string;
  review?: boolean;
  disagreed?: boolean;
  weapon?: string;
  winner?: string;
  piste?: string;
  day?: string; // "2026-11-28", here
  bout?: string;
  after?: string | null;
  limit?: number;
}

// "2026-11-28T18:30:00Z"
function moment(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function midnight(day: string, later: number): Date {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year!, month! - 1, date! + later);
}

export function listPath({ words, review, disagreed, weapon, winner, piste, day, bout, after, limit }: Wanted): string {
  const query = new URLSearchParams();
  if (words?.trim()) query.set('q', words.trim());
  if (review) query.set('review', '1');
  if (disagreed) query.set('disagreed', '1');
  if (weapon) query.set('weapon', weapon);
  if (winner) query.set('winner', winner);
  if (piste?.trim()) query.set('piste', piste.trim());
  if (day) query.set('from', moment(midnight(day, 0)));
  if (day) query.set('to', moment(midnight(day, 1)));
  if (bout) query.set('bout', bout);
  if (after) query.set('after', after);
  if (limit) query.set('limit', String(limit));
  return `sessions?${query}`;
}

// A phrase or a bout, and not one that is under way.
export function isOver(one: object): one is Listed {
  return 'winner' in one;
}

export function isJudged(one: object): one is Judged {
  return isOver(one) && one.winner !== '';
}

// Page after page, the newest first. older: there is more.
export async function read(
  service: Service,
  wanted: Wanted,
  most: number,
): Promise<{ found: Listed[]; older: boolean; running: boolean }> {
  const found: Listed[] = [];
  let running = false;
  let after: string | null = null;
  for (let page = 0; page < most; ++page) {
    const answer: v.InferOutput<typeof list> = await service.ask(listPath({ ...wanted, after }), list);
    found.push(...answer.sessions.filter(isOver));
    running ||= !answer.sessions.every(isOver);
    after = answer.next;
    if (!after) break;
  }
  return { found, older: after !== null, running };
}

// As a row of a table. hidden: its verdict is not to be seen yet.
export function asRow(phrase: Listed, hidden: boolean): Row {
  const { id, started, weapon, piste, bout, name, fencers, human_verdict, human_blind, tags } = phrase;
  const { winner, confidence, review, reason } = phrase;
  const judged = hidden
    ? { winner: null, confidence: null, review: null, reason: null }
    : { winner, confidence: winner ? confidence : null, review, reason };
  const said = { person: human_verdict, person_judged_first: human_verdict ? human_blind : null };
  return { id, started, weapon, piste, bout, name, ...fencers, ...judged, ...said, tags: tags.join(' ') };
}

// A phrase of its own, or part of a bout: then the name of its folder there.
export interface Place {
  readonly id: string;
  readonly part?: string | undefined;
}

export function phrasePath({ id, part }: Place, what = ''): string {
  return ['sessions', encodeURIComponent(id), part && `phrases/${encodeURIComponent(part)}`, what]
    .filter(Boolean)
    .join('/');
}

export function samePlace(one: Place, other: Place): boolean {
  return one.id === other.id && one.part === other.part;
}
