// The phrase that is looked at, and where one is in it.
import { batch, computed, signal } from '@preact/signals';
import { type Curves, curves as curvesSchema } from '../core/curves';
import { hitTime, onFramesClock, type Span, stopFrom, stops, wholeSpan } from '../core/events';
import type { Keypoints } from '../core/keypoints';
import { type Place, phrasePath } from '../core/library';
import { leftShare } from '../core/odds';
import type { Finding, Result } from '../core/protocol';
import { nearest } from '../core/times';
import type { FramePlayer } from '../player/frame_player';
import { mayI } from '../ui/role';
import { asking, service } from '../ui/state';
import { cleanShot, forgetUrl, jointsOf, listed, resultOf, type Shot, shotOf } from './phrase_files';
import * as people from './review_people';

export type Loading = 'loading' | 'judging' | 'gone' | 'here';
export const loading = signal<Loading>('loading');
export const phrase = signal<Result | undefined>(undefined);
export const joints = signal<Keypoints | undefined>(undefined);
export const curves = signal<Curves | undefined>(undefined);
const noShot: Shot = { url: '', drawn: false };
export const shot = signal(noShot);
export const player = signal<FramePlayer | undefined>(undefined);
export const frame = signal(0);
export const exact = signal(true);
export const playing = signal(false);
export const speed = signal(1);
export const skeletons = signal(true);
export const chosen = signal<Finding | undefined>(undefined);
export const left_out = signal<ReadonlySet<Finding>>(new Set());
export const span = signal<Span>({ begin: 0, end: 1 });
export const explaining = signal(false);
// Whether all is here that there is: joints and curves come after the film's first picture.
export const complete = signal(false);
// As people call it; empty: nobody has, or the list may not be read.
export const called = signal('');

export const times = computed(() => joints.value?.times ?? []);
export const now = computed(() => times.value[frame.value] ?? 0);
export const whole = computed(() => (phrase.value ? wholeSpan(phrase.value, times.value) : { begin: 0, end: 1 }));
export const hit = computed(() => phrase.value && hitTime(phrase.value));
// How likely left is by what still counts.
export const share = computed(() =>
  leftShare((phrase.value?.decision.trace ?? []).filter((one) => !left_out.value.has(one))),
);

function forget() {
  forgetUrl(shot.value.url);
  player.value?.close();
  player.value = undefined;
  shot.value = noShot;
  phrase.value = undefined;
  joints.value = undefined;
  curves.value = undefined;
  chosen.value = undefined;
  left_out.value = new Set();
  frame.value = 0;
  speed.value = 1;
  explaining.value = false;
  complete.value = false;
  called.value = '';
  loading.value = 'loading';
}

const patience = 400; // ms, for the first picture; where it takes longer the rest goes on without it

let goOn = () => {};

// The film's first picture is on the screen.
export function pictureShown() {
  goOn();
}

function firstPicture(): Promise<void> {
  return new Promise((resolve) => {
    goOn = resolve;
    setTimeout(resolve, patience);
  });
}

// Loads the phrase; again and again while it is being judged. The film first, then the rest, which for a minute is a hundred
// thousand numbers to read. Returns what stops it.
export function open(place: Place): () => void {
  let over = false;
  let timer = 0;
  const load = async () => {
    const [found] = await Promise.all([asking(() => resultOf(place)), people.load(place)]);
    if (over) return;
    if (found === undefined || typeof found === 'string') {
      loading.value = found ?? 'loading'; // the service is away
      if (found !== 'gone') timer = window.setTimeout(load, 1000);
      return;
    }
    const film = await shotOf(place, found);
    if (over) return forgetUrl(film.url);
    batch(() => {
      phrase.value = found;
      shot.value = film;
      skeletons.value = !film.drawn;
      span.value = whole.value;
      loading.value = 'here';
    });
    await firstPicture();
    if (over) return;
    const [points, motion] = await Promise.all([
      jointsOf(place),
      asking(() => service.ask(phrasePath(place, 'curves'), curvesSchema)),
    ]);
    if (over) return;
    batch(() => {
      if (points?.log_offset) phrase.value = onFramesClock(found, points.log_offset);
      joints.value = points;
      curves.value = motion;
      span.value = whole.value;
      complete.value = true;
    });
    const own = mayI('read') && !service.signature() ? await listed(place.id) : undefined;
    if (!over) called.value = own?.name ?? '';
  };
  void load();
  return () => {
    over = true;
    clearTimeout(timer);
    forget();
  };
}

// Where the film has the verdict drawn in: the one without, once the service has made it.
export async function lookForClean(place: Place) {
  const before = shot.value;
  const film = before.drawn && (await cleanShot(place));
  if (!film) return;
  if (!film.url || shot.value !== before) return forgetUrl(film.url);
  forgetUrl(before.url);
  shot.value = film;
  skeletons.value = true;
}

export function goTo(time: number) {
  const at = nearest(times.value, time);
  if (player.value) player.value.show(at);
  else frame.value = at;
}

export function goToStop(direction: 1 | -1) {
  const next = phrase.value && stopFrom(stops(phrase.value), now.value, direction);
  if (next !== undefined) goTo(next);
}

export function choose(finding: Finding) {
  chosen.value = finding;
  goTo(finding.time);
}

export function count(finding: Finding, counts: boolean) {
  const without = new Set(left_out.value);
  if (counts) without.delete(finding);
  else without.add(finding);
  left_out.value = without;
}

export function play(rate: number) {
  speed.value = rate;
  player.value?.play(rate);
}

export function setSpeed(rate: number) {
  if (playing.value) play(rate);
  else speed.value = rate;
}

export function toggle() {
  if (playing.value) player.value?.pause();
  else play(speed.value);
}
