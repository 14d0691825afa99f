// What the film screen knows, and what happens in it.
import { computed, signal } from '@preact/signals';
import type { Filming, Wishes } from '../capture/filming';
import type { Listener } from '../capture/sender';
import { still } from '../capture/still';
import { boxLog, counted, type Tap, tapDelay } from '../core/hits';
import { newId } from '../core/ids';
import { type Kind, type Marks, marked, type Spot, told, undone, unmarked } from '../core/marks';
import type { Decision, Score, Side } from '../core/protocol';
import { Rate } from '../core/rate';
import { type Sight, sight } from '../core/sight';
import { route } from '../ui/route';
import { asking, service } from '../ui/state';

export type Stage = 'setup' | 'filming' | 'log' | 'waiting' | 'verdict' | 'failed';
export const stage = signal<Stage>('setup');
export const weapon = signal<'sabre' | 'foil' | 'epee'>('sabre');
export const mode = signal<'phrase' | 'bout'>('phrase');
// lamps, box: of a bout alone.
export const hitsBy = signal<'taps' | 'file' | 'lamps' | 'box'>('taps');
export const piste = signal('');
// Of a bout the name asks for that piste's box.
export const namesPiste = computed(() => mode.value === 'phrase' || hitsBy.value === 'box');
export const taps = signal<readonly Tap[]>([]);
export const connected = signal(true);
export const decision = signal<Decision | undefined>(undefined);
export const progress = signal(0);
export const failure = signal('');
// Of a bout: the score after its last phrase, and a hit that was not taken.
export const bout = signal<{ phrases: number; score: Score } | undefined>(undefined);
export const refusal = signal('');
export const phraseId = signal('');
export const rate = signal<number | undefined>(undefined);
// Whom the service sees in the preview; nothing: it has not said yet.
export const seen = signal<Sight | undefined>(undefined);
export const notice = signal<'' | 'hidden' | 'turned' | 'lost'>('');
export const filming = signal<Filming | undefined>(undefined);
export const marks = signal<Marks>(unmarked);
export const marking = signal<Kind | ''>('');
export const tapped = computed(() => counted(taps.value));
// Of a bout: there is something in it that nobody throws away by the way.
export const judged = computed(() => mode.value === 'bout' && (!!bout.value || !!decision.value));

// After the last hit the phrase goes on a little: the blades' way out is looked at, too.
export const endAfter = 1.5; // s
let ending = 0;
// What the net has shown to take; a phrase never changes within itself.
let bitsPerSecond = 3e6;

function wishes(): Wishes {
  const query = route.value.query;
  const source = query.get('source');
  const encoding = query.get('encoding');
  return {
    source: source === 'track' || source === 'worker' || source === 'video' ? source : undefined,
    encoding: encoding === 'h264' || encoding === 'jpeg' ? encoding : undefined,
  };
}

const verdictPatterns = { left: [200], right: [200, 120, 200], none: [80, 80, 80, 80, 80], both: [400] };

// A bout goes on beneath what is shown for a while.
const shownFor = 4; // s
let hiding = 0;

function decided(one: Decision) {
  decision.value = one;
  if (mode.value === 'phrase') stage.value = 'verdict';
  clearTimeout(hiding);
  if (mode.value === 'bout') hiding = window.setTimeout(hide, shownFor * 1000);
  navigator.vibrate?.(verdictPatterns[one.winner]);
}

function hide() {
  decision.value = undefined;
}

function fail(message: string) {
  if (stage.value === 'verdict') return;
  letGo();
  failure.value = message;
  stage.value = 'failed';
}

// Of what is filmed. What was judged stays, and what waits for its verdict goes on until it has it; the rest is not wanted.
function letGo() {
  clearTimeout(ending);
  clearTimeout(hiding);
  const film = filming.value;
  filming.value = undefined;
  if (!film || stage.value === 'waiting' || stage.value === 'verdict') return;
  if (judged.value || film.touched) void film.end(() => '');
  else film.abort();
}

// What a film says, as long as the screen is about it.
function listener(id: string): Listener {
  const heard =
    <Told extends unknown[]>(hear: (...told: Told) => void) =>
    (...told: Told) => {
      if (phraseId.value === id) hear(...told);
    };
  return {
    connected: heard((now: boolean) => {
      connected.value = now;
    }),
    progress: heard((part: number) => {
      progress.value = part;
    }),
    decided: heard(decided),
    complete: heard(({ decision: found }: { decision: Decision }) => {
      if (stage.value === 'waiting') decided(found);
    }),
    failed: heard(fail),
    scored: heard((phrases: number, score: Score) => {
      bout.value = { phrases, score };
    }),
    refused: heard((why: string) => {
      refusal.value = why;
    }),
    boutOver: heard(() => {
      hide();
      stage.value = 'verdict';
    }),
  };
}

// What films is fetched beside the lights, which are shown without it.
export const fetchFilming = () => import('../capture/filming');

export async function begin(stream: MediaStream, video: HTMLVideoElement) {
  seen.value = undefined;
  taps.value = [];
  decision.value = undefined;
  bout.value = undefined;
  refusal.value = '';
  notice.value = '';
  progress.value = 0;
  connected.value = true;
  const whole = mode.value === 'bout';
  const id = newId(whole ? 'bout' : 'film');
  phraseId.value = id;
  const setup = {
    id,
    weapon: weapon.value,
    fps: Math.round((rate.value ?? 30) * 100) / 100,
    bitsPerSecond,
    marks: told(marks.value),
    wishes: wishes(),
    mode: mode.value,
    piste: namesPiste.value ? piste.value.trim() : '',
  };
  marking.value = '';
  const fetched = await fetchFilming().catch((error) => fail(String(error)));
  if (!fetched) return;
  const film = await fetched.Filming.begin(stream, video, () => service.socket('stream'), setup, listener(id));
  if (phraseId.value !== id || stage.value !== 'setup') return film.abort(); // left, or failed already
  filming.value = film;
  stage.value = 'filming';
}

export function tap(side: Side, now: number) {
  const film = filming.value;
  if (!film || tapped.value.some((one) => one.side === side)) return;
  taps.value = [...taps.value, film.tap(side, now, tapDelay)];
  if (mode.value === 'bout') film.touch(side, now, tapDelay);
  refusal.value = '';
  clearTimeout(ending);
  ending = window.setTimeout(mode.value === 'bout' ? takeBack : over, endAfter * 1000);
}

export function takeBack() {
  clearTimeout(ending);
  taps.value = [];
}

export function over() {
  clearTimeout(ending);
  if (stage.value !== 'filming') return;
  if (hitsBy.value === 'file') stage.value = 'log';
  else void conclude((seconds) => (mode.value === 'bout' ? '' : boxLog(taps.value, seconds)));
}

export async function conclude(log: (seconds: number) => string) {
  const film = filming.value;
  if (!film) return;
  const behind = (film.behindBytes * 8) / bitsPerSecond;
  // A second's pictures left out, or two seconds behind: too many bits for this net.
  if (behind > 2 || film.leftOut > (rate.value ?? 30)) bitsPerSecond = Math.max(8e5, bitsPerSecond / 2);
  stage.value = 'waiting';
  await film.end(log);
}

export function choose(chosen: 'phrase' | 'bout') {
  mode.value = chosen;
  hitsBy.value = 'taps';
}

export function discard() {
  filming.value?.abort();
  again();
}

// The screen is left; whoever wants to throw a film away discards it.
export function leave() {
  letGo();
  again();
}

// The piste lies where it lay; the fencers begin elsewhere.
export function again() {
  clearTimeout(ending);
  filming.value = undefined;
  stage.value = 'setup';
  phraseId.value = '';
  seen.value = undefined;
  marks.value = { ...marks.value, fencers: [] };
}

export function mark(kind: Kind, [x, y]: Spot) {
  marks.value = marked(marks.value, kind, [Math.round(x), Math.round(y)]);
}

// Of another picture: the phone was turned.
export function forgetMarks() {
  marks.value = unmarked;
}

export function unmark(kind: Kind) {
  marks.value = undone(marks.value, kind);
}

// Measures the preview while nothing is filmed.
export function measure(video: HTMLVideoElement): () => void {
  const measured = new Rate();
  let handle = 0;
  let shown = 0;
  const next = (now: number, { captureTime }: VideoFrameCallbackMetadata) => {
    measured.add((captureTime ?? now) / 1000);
    if (now - shown > 500) {
      rate.value = measured.perSecond;
      shown = now;
    }
    handle = video.requestVideoFrameCallback(next);
  };
  handle = video.requestVideoFrameCallback(next);
  return () => video.cancelVideoFrameCallback(handle);
}

async function seenIn(video: HTMLVideoElement | null): Promise<Sight | undefined> {
  const picture = video && (await still(video));
  if (!picture) return undefined;
  return asking(async () => service.understood(await service.fetch('look', { method: 'POST', body: picture }), sight));
}

let unanswered = 0;
// Whether the service sees both fencers in the preview. One that is busy with others says so another time; who has not said it
// twice does not see them any more.
export async function look(video: HTMLVideoElement | null) {
  const answer = await seenIn(video).catch(() => undefined);
  unanswered = answer ? 0 : unanswered + 1;
  if (answer || unanswered > 1) seen.value = answer;
}
