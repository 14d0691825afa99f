// The page's logic, run in a browser by tests/deploy/page_logic_test.py. Each entry of `tests` throws where it fails.
import { byBlindness, byMonth, bySureness, count, interval } from '../src/core/agreement';
import { ofPhrases, tally } from '../src/core/bout';
import { onFramesClock, stopFrom, zoomed } from '../src/core/events';
import { boxLog, counted } from '../src/core/hits';
import { around } from '../src/core/keypoints';
import { type Judged, listPath } from '../src/core/library';
import { type LiveEvent, next, type Shown } from '../src/core/live';
import { marked, told, undone, unmarked } from '../src/core/marks';
import { nalUnits, UnitWriter } from '../src/core/nal';
import { leftShare } from '../src/core/odds';
import { oneOf } from '../src/core/pace';
import type { Decision, Finding, Result } from '../src/core/protocol';
import { Rate } from '../src/core/rate';
import { allFilled, filled } from '../src/core/said';
import { csv } from '../src/core/table';
import { beside, middleOf, nearest } from '../src/core/times';
import { SentUnits } from '../src/core/window';

function equal(got: unknown, wanted: unknown) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`got ${a}, wanted ${b}`);
}

const bytes = (...values: number[]) => new Uint8Array(values);
const unit = (number: number) => ({
  number,
  seconds: number / 30,
  encoding: 'jpeg' as const,
  bytes: new Uint8Array(10),
});
const finding = (favours: 'left' | 'right' | null, weight: number) => ({ favours, weight }) as Finding;

const waiting: Shown = { is: 'waiting' };
const heard = (shown: Shown, ...events: LiveEvent[]) => events.reduce(next, shown);
const state = (session_id: string, state: string) => ({ type: 'session_state' as const, session_id, seq: 1, state });
const decided = (session_id: string, time: number) => ({
  type: 'decision' as const,
  session_id,
  seq: 1,
  time,
  decision: {
    winner: 'left',
    reason: '',
    reason_code: '',
    reason_params: {},
    reason_said: [],
    review_said: [],
    confidence: 1,
    review: false,
    trace: [],
  } satisfies Decision,
});
const hello = (running: [string, string][], missed = false) => ({
  type: 'hello' as const,
  server_time: 0,
  seq: 1,
  missed,
  sessions: running.map(([session_id, state]) => ({ session_id, state })),
});
const judged = (winner: string, human_verdict: string | null, confidence = 0.8, started = '2026-11-28T18:30:00Z') =>
  ({ winner, human_verdict, human_blind: false, confidence, started }) as Judged;

export const tests: Record<string, () => void | Promise<void>> = {
  'a verdict comes, stays, and is gone when the next phrase begins'() {
    const filming = heard(waiting, state('a', 'RECEIVING_FRAMES'), state('a', 'FRAMES_COMPLETE'));
    equal(filming, { is: 'filming', id: 'a' });
    equal(heard(filming, state('a', 'PROCESSING')), { is: 'judging', id: 'a' });
    const verdict = heard(filming, state('a', 'PROCESSING'), decided('a', 12), state('a', 'COMPLETE'));
    equal([verdict.is, 'time' in verdict && verdict.time], ['verdict', 12]);
    equal(heard(verdict, hello([]), { type: 'changed', session_id: 'a', seq: 1 }), verdict);
    equal(heard(verdict, state('b', 'RECEIVING_FRAMES')), { is: 'filming', id: 'b' });
    equal(heard(waiting, hello([]), state('old', 'COMPLETE')), waiting);
    equal(heard(waiting, state('late', 'PROCESSING'), state('late', 'COMPLETE')), waiting);
    equal(heard(filming, state('a', 'GONE')), { is: 'failed', id: 'a' });
  },
  'a phrase is followed to its end, also beside younger ones'() {
    const filming = heard(waiting, state('old', 'RECEIVING_FRAMES'), state('young', 'RECEIVING_FRAMES'));
    equal(filming, { is: 'filming', id: 'old' });
    equal(heard(filming, decided('young', 1)), filming);
    equal(heard(filming, decided('old', 1), decided('young', 2)).is, 'verdict');
  },
  'who comes back is told what was missed, or knows that it is not known'() {
    const filming: Shown = { is: 'filming', id: 'a' };
    equal(heard(waiting, hello([['a', 'PROCESSING']])), waiting); // it may have been decided before
    equal(heard(waiting, hello([['a', 'RECEIVING_FRAMES']])), { is: 'filming', id: 'a' });
    equal(heard(filming, hello([])), filming);
    equal(heard(filming, hello([], true)), waiting);
    equal(heard(filming, hello([['b', 'RECEIVING_FRAMES']], true)), { is: 'filming', id: 'b' });
  },
  'rows are a table that spreadsheets read, and nothing in it is a formula'() {
    const rows = [
      { name: 'a, "b"', share: 0.92, review: true, note: null },
      { name: '=1+1', share: 12, review: false, note: 'x;y' },
    ];
    equal(csv(rows, false), '\ufeffname,share,review,note\r\n"a, ""b""",0.92,true,\r\n\'=1+1,12,false,"x;y"\r\n');
    equal(csv(rows.slice(0, 1), true), '\ufeffname;share;review;note\r\n"a, ""b""";0,92;true;\r\n');
  },
  'a bout’s touches are told one by one, with the score'() {
    const { decision } = decided('a', 0);
    const first = heard(waiting, { type: 'phrase_decision', session_id: 'a', seq: 1, time: 3, number: 1, decision });
    equal([first.is, 'number' in first && first.number], ['verdict', 1]);
    const complete = {
      type: 'phrase_complete',
      session_id: 'a',
      seq: 2,
      number: 1,
      score: { left: 0, right: 1 },
      folder: 'phrase-01',
    } as const;
    const scored = heard(first, complete);
    equal('score' in scored && [scored.score, scored.part, scored.goesOn], [{ left: 0, right: 1 }, 'phrase-01', true]);
    equal(heard(scored, { ...complete, number: 7 }), scored);
    const over = heard(scored, state('a', 'PROCESSING'), state('a', 'COMPLETE'));
    equal('score' in over && [over.score, over.goesOn], [{ left: 0, right: 1 }, false]);
  },
  'a sentence is filled in as its language has it'() {
    const manner = {
      side: (side: string) => (side === 'left' ? 'gauche' : 'droite'),
      number: (value: number, decimals: number) => value.toFixed(decimals).replace('.', ','),
      word: (text: string) => ({ later: 'plus tard', 'with frame': 'à l’image' })[text] ?? text,
    };
    const stopped = { code: 'stopped_at', params: { who: 'right', at: 2.4567, other: 'left' } };
    equal(filled('{Who} {at:2} s, {other}', stopped, manner), 'Droite 2,46 s, gauche');
    const times: [number, number][] = [
      [0, 1.204],
      [2, 3],
    ];
    equal(
      filled('({times:at}) ({times:from})', { code: '', params: { times } }, manner),
      '(1,20, 3,00 s) (0,00–1,20, 2,00–3,00 s)',
    );
    equal(filled('{rate:g}{none}', { code: '', params: { rate: 29.97 } }, manner), '29,97');
    const odd = {
      code: '',
      params: { by: 'left with frame 84, right with frame 90', way: 'later', quoted: 'later left' },
    };
    equal(
      filled('{by}; {way}; {quoted}', odd, manner),
      'gauche à l’image 84, droite à l’image 90; plus tard; later left',
    );
    const small = (text: string) => text.toLowerCase();
    const call = { code: 'attack', params: { who: 'left' } };
    const both = { attack: 'Attaque de {who}', stopped_at: 'Arrêt de {who}' };
    equal(allFilled([call, stopped], both, manner, ': ', small), 'Attaque de gauche: arrêt de droite');
    equal(allFilled([call, { code: 'new', params: {} }], both, manner, ': ', small), undefined);
    equal(allFilled([], both, manner, ': ', small), undefined);
  },
  'a day is asked for from midnight to midnight, here'() {
    const asked = new URLSearchParams(
      listPath({ words: ' x ', weapon: 'foil', piste: ' 4 ', day: '2026-03-29' }).split('?')[1],
    );
    const [from, to] = [new Date(asked.get('from')!), new Date(asked.get('to')!)];
    equal([from.getHours(), from.getDate(), to.getHours(), to.getDate()], [0, 29, 0, 30]);
    equal([asked.get('q'), asked.get('weapon'), asked.get('piste')], ['x', 'foil', '4']);
    equal(listPath({}), 'sessions?');
  },
  'a frame is found by its time'() {
    const times = [0, 0.033, 0.2, 0.233];
    equal(
      times.map((time) => nearest(times, time)),
      [0, 1, 2, 3],
    );
    equal(
      [-1, 0.1, 0.15, 9].map((time) => nearest(times, time)),
      [0, 1, 2, 3],
    );
    equal(nearest([], 1), 0);
  },
  'a seek goes to the middle, which is nobody else’s'() {
    const times = [0, 0.033, 0.2, 0.233];
    times.forEach((time, i) => {
      const middle = middleOf(times, i);
      if (middle <= time || middle >= (times[i + 1] ?? 9)) throw new Error(`frame ${i}: ${middle}`);
    });
  },
  'findings add up to the service’s odds'() {
    const trace = [0.8621, 0.1873, 0.0495, 0.3169, 0.1837, 0.6835].map((weight) => finding('right', weight));
    equal((1 - leftShare(trace)).toFixed(3), '0.907');
    equal(leftShare([finding('left', 1), finding('right', 1), finding(null, 7)]), 0.5);
  },
  'of each side the first tap counts'() {
    const taps = counted([
      { side: 'left', seconds: 2 },
      { side: 'right', seconds: 1.9 },
      { side: 'left', seconds: 1.95 },
    ]);
    equal(
      taps.map(({ side, seconds }) => [side, seconds]),
      [
        ['right', 1.9],
        ['left', 1.95],
      ],
    );
  },
  'a log names the sides by the lamps alone'() {
    const log = boxLog([{ side: 'left', seconds: 3.2 }], 4);
    if (/scores on/.test(log)) throw new Error(log);
    equal(log.includes('Fencer 1: MISS, Fencer 2: HIT'), true);
    equal(log.includes(' 3.200s | HIT: Simultaneous valid hits!'), true);
    equal(boxLog([], 4).includes('HIT:'), false);
  },
  'what is acknowledged is not sent again'() {
    const window = new SentUnits();
    for (let i = 0; i < 10; ++i) window.add(unit(i));
    window.acknowledge(3);
    window.acknowledge(3);
    window.resumed([
      [0, 3],
      [5, 6],
    ]);
    equal(
      window.all().map(({ number }) => number),
      [4, 7, 8, 9],
    );
    equal(window.bytes, 40);
  },
  'what the service has lost is sent again, all of it where it has nothing'() {
    const numbers = (window: SentUnits) => window.all().map(({ number }) => number);
    const window = new SentUnits(40);
    for (let i = 0; i < 5; ++i) window.add(unit(i));
    for (let i = 0; i < 4; ++i) window.acknowledge(i);
    window.drop(4);
    window.resumed([[0, 1]]);
    equal(numbers(window), [2, 3]);
    equal(window.allLost(), true);
    equal(numbers(window), [0, 1, 2, 3]);
    for (let i = 5; i < 7; ++i) window.add(unit(i));
    for (let i = 0; i < 7; ++i) window.acknowledge(i);
    equal(window.allLost(), false);
  },
  'what is sent again is not the net being behind'() {
    const window = new SentUnits(40);
    for (let i = 0; i < 4; ++i) window.add(unit(i));
    for (let i = 0; i < 3; ++i) window.acknowledge(i);
    equal([window.bytes, window.newBytes], [10, 10]);
    window.allLost();
    equal([window.bytes, window.newBytes], [40, 10]);
    window.acknowledge(3); // there is room for this one, as for the three that wait
    window.acknowledge(0);
    equal([window.bytes, window.newBytes], [20, 0]);
    equal(window.allLost(), true);
    equal(window.newBytes, 0);
    window.add(unit(4));
    window.acknowledge(4); // the four that were there have all the room
    equal(window.allLost(), false);
  },
  'a rate is measured by the median'() {
    const rate = new Rate();
    for (let i = 0; i < 30; ++i) rate.add(i / 15 + (i > 20 ? 2 : 0));
    equal(Math.round(rate.perSecond ?? 0), 15);
    equal(new Rate().perSecond, undefined);
  },
  'NAL units are told apart'() {
    equal(
      nalUnits(bytes(0, 0, 0, 1, 103, 1, 0, 0, 1, 104, 2)).map((one) => [...one]),
      [
        [103, 1],
        [104, 2],
      ],
    );
  },
  'a key frame has its parameter sets, its own or the last ones'() {
    const writer = new UnitWriter();
    const whole = bytes(0, 0, 0, 1, 103, 1, 0, 0, 0, 1, 104, 2, 0, 0, 0, 1, 101, 3);
    equal([...writer.write(whole, true)], [...whole]);
    equal([...writer.write(bytes(0, 0, 0, 1, 101, 4), true)], [...whole.slice(0, -1), 4]);
    const delta = bytes(0, 0, 0, 1, 65, 9);
    equal([...writer.write(delta, false)], [...delta]);
  },
  'lengths become start codes'() {
    const writer = new UnitWriter();
    writer.describe(bytes(1, 66, 0, 31, 255, 225, 0, 2, 103, 1, 1, 0, 2, 104, 2));
    equal(
      [...writer.write(bytes(0, 0, 0, 2, 101, 3), true)],
      [0, 0, 0, 1, 103, 1, 0, 0, 0, 1, 104, 2, 0, 0, 0, 1, 101, 3],
    );
    equal([...writer.write(bytes(0, 0, 0, 2, 65, 9), false)], [0, 0, 0, 1, 65, 9]);
  },
  'a zoom keeps the place that it is about'() {
    const whole = { begin: 0, end: 4 };
    const near = zoomed(whole, 1, 0.5, whole);
    equal(near, { begin: 0.5, end: 2.5 });
    equal(zoomed(near, 1, 10, whole), whole);
  },
  'events are left behind'() {
    equal([stopFrom([1, 2, 3], 2, 1), stopFrom([1, 2, 3], 2, -1), stopFrom([1], 1, 1)], [3, 1, null]);
  },
  'two phrases lie together at their hits': () => {
    const [one, other] = [
      { times: [0, 0.1, 0.2, 0.3], anchor: 0.2 },
      { times: [1, 1.05, 1.1, 1.15, 1.2], anchor: 1.15 },
    ];
    equal(
      [0, 1, 2, 3].map((i) => beside(one, i, other)),
      [0, 1, 3, 4],
    );
  },
  'what the box told comes onto the frames’ clock': () => {
    const told = { phrase: { touches: [{ time: 1 }], blade_contacts: [{ time: 0.5 }] } } as unknown as Result;
    const { touches, blade_contacts } = onFramesClock(told, 0.25).phrase;
    equal([touches[0]!.time, blade_contacts[0]!.time], [1.25, 0.75]);
  },
  'a bout of named phrases adds up, people’s word first': () => {
    const { rows, score } = ofPhrases([
      { ...judged('left', null), id: '3', fencers: { left: 'A', right: 'B' } },
      { ...judged('left', 'right'), id: '2', fencers: { left: '', right: '' } },
      { ...judged('both', 'unclear'), id: '1', fencers: { left: '', right: '' } },
    ]);
    equal(
      rows.map((row) => [row.place.id, row.score.left, row.score.right]),
      [
        ['1', 1, 1],
        ['2', 1, 2],
        ['3', 2, 2],
      ],
    );
    equal(score, { left: 2, right: 2 });
  },
  'who came forward first, and what came of it': () => {
    const decision = (winner: string, side?: string) => ({ winner, began: side ? { side } : null }) as Decision;
    const all = [decision('left', 'left'), decision('right', 'left'), decision('both'), decision('right', 'right')];
    equal(tally(all, 'left'), { touches: 2, began: 2, scored: 1 });
    equal(tally(all, 'right'), { touches: 3, began: 1, scored: 1 });
  },
  'marks: the fencers are two, the piste has corners, half is nothing': () => {
    const points = [
      [1, 1],
      [2, 2],
      [3, 3],
    ] as const;
    const all = points.reduce((marks, spot) => marked(marked(marks, 'fencers', spot), 'piste', spot), unmarked);
    equal(all, { fencers: [points[0], points[2]], piste: points });
    equal(told(all), { fencers: all.fencers, piste_corners: all.piste });
    equal(told(undone(undone(all, 'fencers'), 'piste')), {});
  },
  'a slow net gets fewer pictures, never too few'() {
    equal(
      [0, 14, 15, 29, 30, 900].map((waiting) => oneOf(waiting, 30)),
      [1, 1, 2, 2, 2, 2],
    );
    equal(
      [29, 30, 61, 900].map((waiting) => oneOf(waiting, 60)),
      [1, 2, 3, 5],
    );
    equal([oneOf(900, 15), oneOf(900, 8)], [1, 1]);
  },
  'both fencers are in the zoom'() {
    const box = around({ left: [[[10, 10, 1], null]], right: [[[110, 60, 1]]] }, 0, 0);
    equal(box, { x: 10, y: 10, width: 100, height: 50 });
    equal(around({ left: [null], right: [null] }, 0), undefined);
  },
  'agreement counts what people could tell': () => {
    const all = [judged('left', 'left'), judged('left', 'right'), judged('left', 'unclear'), judged('left', null)];
    equal(count(all), { of: 2, agreed: 1, expected: 0.8 });
    equal(count([]), { of: 0, agreed: 0, expected: 0 });
  },
  'who judged blind is counted apart': () => {
    const blind = { ...judged('left', 'left', 0.5), human_blind: true };
    const { blind: first, seen } = byBlindness([blind, judged('left', 'right'), judged('left', null)]);
    equal(first, { of: 1, agreed: 1, expected: 0.5 });
    equal(seen, { of: 1, agreed: 0, expected: 0.8 });
  },
  'agreement by how sure it was': () => {
    const all = [judged('left', 'left', 0.75), judged('left', 'right', 0.85), judged('left', 'left', 0.5)];
    const [low, leaning, fairly, very] = bySureness(all);
    equal(low, { of: 1, agreed: 1, expected: 0.5 });
    equal(fairly, { of: 2, agreed: 1, expected: 0.8 });
    equal([leaning!.of, very!.of], [0, 0]);
  },
  'agreement by month, the newest first': () => {
    const all = [judged('left', 'left', 0.8, '2026-10-31T23:59:59Z'), judged('left', 'right')];
    equal(byMonth(all), [
      ['2026-11', { of: 1, agreed: 0, expected: 0.8 }],
      ['2026-10', { of: 1, agreed: 1, expected: 0.8 }],
    ]);
  },
  'few phrases tell little': () => {
    const rounded = (of: number, agreed: number) => interval({ of, agreed }).map((one) => Math.round(one * 100));
    equal(rounded(1, 1), [21, 100]);
    equal(rounded(100, 80), [71, 87]);
    equal(rounded(0, 0), [0, 100]);
  },
};
