// A bout: its phrases in order, each with the score after it; cut out of one film by the service, or phrases that people have given
// one bout's name.
import * as v from 'valibot';
import type { Judged, Place } from './library';
import { type Decision, type Score, type Side, score, touch, type Winner, winner } from './protocol';
import type { Row as TableRow } from './table';

// docs/bouts.md, bout.json.
export const report = v.object({
  phrases: v.array(
    v.object({
      number: v.number(),
      start: v.number(),
      touches: v.array(touch),
      winner,
      confidence: v.number(),
      review: v.boolean(),
      score,
      folder: v.string(),
    }),
  ),
  score,
  left_name: v.nullish(v.string()),
  right_name: v.nullish(v.string()),
  left_out: v.optional(v.array(v.object({ time: v.number(), why: v.string() })), []),
});
export type Report = v.InferOutput<typeof report>;

export interface Row {
  place: Place;
  number: number;
  at: { seconds: number } | { moment: string }; // since the first phrase began, or of the day
  hits: { side: Side; valid: boolean }[];
  winner: Winner; // what a person said stands above what was judged
  confidence: number;
  review: boolean;
  score: Score;
}

export interface Bout {
  names: Record<Side, string>;
  score: Score;
  rows: Row[];
  leftOut: Report['left_out'];
}

export function ofReport(id: string, told: Report): Bout {
  const begin = told.phrases[0]?.start ?? 0; // whatever clock the frames' is
  const rows = told.phrases.map(({ folder, start, touches, ...rest }) => ({
    ...rest,
    place: { id, part: folder },
    at: { seconds: start - begin },
    hits: touches,
  }));
  const names = { left: told.left_name ?? '', right: told.right_name ?? '' };
  const leftOut = told.left_out.map(({ time, why }) => ({ time: time - begin, why }));
  return { names, score: told.score, rows, leftOut };
}

function scored(before: Score, by: Winner): Score {
  return {
    left: before.left + Number(by === 'left' || by === 'both'),
    right: before.right + Number(by === 'right' || by === 'both'),
  };
}

// phrases: the newest first, as the list gives them.
export function ofPhrases(phrases: readonly Judged[]): Bout {
  let after: Score = { left: 0, right: 0 };
  const rows = phrases.toReversed().map((phrase, i): Row => {
    const { id, human_verdict: said, started, confidence, review } = phrase;
    const by = said && said !== 'unclear' ? said : phrase.winner;
    after = scored(after, by);
    return {
      place: { id },
      number: i + 1,
      at: { moment: started },
      hits: [],
      winner: by,
      confidence,
      review,
      score: after,
    };
  });
  const named = phrases.find(({ fencers }) => fencers.left || fencers.right);
  return { names: named?.fencers ?? { left: '', right: '' }, score: after, rows, leftOut: [] };
}

// As rows of a table.
export function asRows({ rows }: Bout): TableRow[] {
  return rows.map(({ number, at, hits, winner, confidence, review, score }) => ({
    number,
    seconds: 'seconds' in at ? at.seconds : null,
    started: 'moment' in at ? at.moment : null,
    lamps: hits.map(({ side, valid }) => (valid ? side : `${side} off target`)).join(' '),
    winner,
    confidence,
    review,
    score_left: score.left,
    score_right: score.right,
  }));
}

export interface Tally {
  touches: number;
  began: number; // phrases in which this one came forward into the hit first
  scored: number; // of these
}

// decisions: of some of the phrases.
export function tally(decisions: readonly Decision[], side: Side): Tally {
  const won = (one: Decision) => one.winner === side || one.winner === 'both';
  const began = decisions.filter((one) => one.began?.side === side);
  return { touches: decisions.filter(won).length, began: began.length, scored: began.filter(won).length };
}
