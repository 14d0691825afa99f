// The list of phrases, and what people say of one (docs/http.md).
import * as v from 'valibot';
import { winner } from './protocol';

const said = v.picklist(['left', 'right', 'none', 'unclear']);
export type Said = v.InferOutput<typeof said>;

const judged = v.object({
  id: v.string(),
  state: v.literal('COMPLETE'),
  started: v.string(),
  duration: v.number(),
  winner,
  confidence: v.number(),
  review: v.boolean(),
  weapon: v.string(),
  name: v.string(),
  bout: v.nullable(v.string()),
  fencers: v.object({ left: v.string(), right: v.string() }),
  human_verdict: v.nullable(said),
});
export type Judged = v.InferOutput<typeof judged>;

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
});
export type Names = v.InferOutput<typeof names>;

export interface Wanted {
  words?: string;
  review?: boolean;
  bout?: string;
  after?: string | null;
  limit?: number;
}

export function listPath({ words, review, bout, after, limit }: Wanted): string {
  const query = new URLSearchParams();
  if (words?.trim()) query.set('q', words.trim());
  if (review) query.set('review', '1');
  if (bout) query.set('bout', bout);
  if (after) query.set('after', after);
  if (limit) query.set('limit', String(limit));
  return `sessions?${query}`;
}

export function isJudged(one: { state: string }): one is Judged {
  return one.state === 'COMPLETE';
}

export function phrasePath(id: string, what = ''): string {
  return `sessions/${encodeURIComponent(id)}${what && `/${what}`}`;
}
