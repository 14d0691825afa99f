// The phrase that is looked at, and where one is in it.
import { computed, signal } from '@preact/signals';
import { type Curves, curves as curvesSchema } from '../core/curves';
import { hitTime, type Span, stopFrom, stops, wholeSpan } from '../core/events';
import { type Keypoints, keypoints } from '../core/keypoints';
import { phrasePath } from '../core/library';
import { leftShare } from '../core/odds';
import { type Finding, type Result, result } from '../core/protocol';
import { ServiceError } from '../core/service';
import { nearest } from '../core/times';
import type { FramePlayer } from '../player/frame_player';
import { asking, service } from '../ui/state';
import * as people from './review_people';

export type Loading = 'loading' | 'judging' | 'gone' | 'here';
export const loading = signal<Loading>('loading');
export const phrase = signal<Result | undefined>(undefined);
export const joints = signal<Keypoints | undefined>(undefined);
export const curves = signal<Curves | undefined>(undefined);
export const videoUrl = signal('');
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

export const times = computed(() => joints.value?.times ?? []);
export const now = computed(() => times.value[frame.value] ?? 0);
export const whole = computed(() => (phrase.value ? wholeSpan(phrase.value, times.value) : { begin: 0, end: 1 }));
export const hit = computed(() => phrase.value && hitTime(phrase.value));
// How likely left is by what still counts.
export const share = computed(() =>
  leftShare((phrase.value?.decision.trace ?? []).filter((one) => !left_out.value.has(one))),
);

// The film without drawings where there is one: the browser plays H.264, not what cameras' pictures are kept in.
export function filmOf({ artifacts }: Result): string | undefined {
  const plays = (name: string | null | undefined) => (name?.endsWith('.mp4') ? name : undefined);
  return plays(artifacts.clean) ?? plays(artifacts.video) ?? plays(artifacts.overlay);
}

export function drawnIn({ artifacts, ...rest }: Result): boolean {
  return filmOf({ artifacts, ...rest }) === artifacts.overlay;
}

export function artifactPath(id: string, name: string): string {
  return phrasePath(id, `artifacts/${encodeURIComponent(name)}`);
}

// A file as the browser can show it: a <video> cannot bring a token, so with one it is fetched first.
async function shownUrl(path: string): Promise<string> {
  if (!service.token()) return service.url(path).href;
  return URL.createObjectURL(await (await service.fetch(path)).blob());
}

function forget() {
  if (videoUrl.value.startsWith('blob:')) URL.revokeObjectURL(videoUrl.value);
  player.value?.close();
  player.value = undefined;
  videoUrl.value = '';
  phrase.value = undefined;
  joints.value = undefined;
  curves.value = undefined;
  chosen.value = undefined;
  left_out.value = new Set();
  frame.value = 0;
  speed.value = 1;
  explaining.value = false;
  loading.value = 'loading';
}

async function loadResult(id: string): Promise<Result | undefined> {
  const path = phrasePath(id, 'result');
  try {
    const answer = await service.fetch(path);
    if (answer.status !== 202) return await service.ask(path, result);
    loading.value = 'judging';
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 409) {
      loading.value = 'gone';
      throw error;
    }
    loading.value = 'judging';
  }
  return undefined;
}

// Loads the phrase; again and again while it is being judged. Returns what stops it.
export function open(id: string): () => void {
  let over = false;
  let timer = 0;
  const load = async () => {
    const found = await asking(() => loadResult(id));
    if (over) return;
    if (!found) {
      if (loading.value === 'judging') timer = window.setTimeout(load, 1000);
      return;
    }
    const [points, motion, url] = await Promise.all([
      asking(() => service.ask(phrasePath(id, 'keypoints'), keypoints)),
      asking(() => service.ask(phrasePath(id, 'curves'), curvesSchema)),
      filmOf(found) ? asking(() => shownUrl(artifactPath(id, filmOf(found)!))) : undefined,
      people.load(id),
    ]);
    if (over) return;
    phrase.value = found;
    joints.value = points;
    curves.value = motion;
    videoUrl.value = url ?? '';
    skeletons.value = !drawnIn(found);
    span.value = whole.value;
    loading.value = 'here';
  };
  void load();
  return () => {
    over = true;
    clearTimeout(timer);
    forget();
  };
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
