// Two phrases side by side, laid together at their hits: the first leads, the second follows.
import { computed, signal } from '@preact/signals';
import { hitTime, onFramesClock } from '../core/events';
import type { Keypoints } from '../core/keypoints';
import type { Place } from '../core/library';
import type { Result } from '../core/protocol';
import { beside, clamp, nearest, type Strip } from '../core/times';
import type { FramePlayer } from '../player/frame_player';
import { asking } from '../ui/state';
import { forgetUrl, jointsOf, resultOf, type Shot, shotOf } from './phrase_files';

export interface Film extends Strip {
  readonly place: Place;
  readonly result: Result;
  readonly joints: Keypoints;
  readonly shot: Shot;
}

// One of the two.
export class Half {
  readonly film = signal<Film | 'loading' | 'missing'>('loading');
  readonly frame = signal(0);
  player: FramePlayer | undefined;

  get loaded(): Film | undefined {
    const film = this.film.value;
    return typeof film === 'string' ? undefined : film;
  }
}

export const leader = new Half();
export const follower = new Half();
export const playing = signal(false);
export const speed = signal(1);
// By how many frames the follower is shifted against its hit.
export const nudge = signal(0);
export const now = computed(() => {
  const film = leader.loaded;
  return film ? (film.times[leader.frame.value] ?? 0) - film.anchor : 0;
});

const lead = 1.5; // s before the hit, where one begins

async function load(place: Place): Promise<Film | 'missing'> {
  const found = await asking(() => resultOf(place));
  if (!found || typeof found === 'string') return 'missing';
  const [joints, shot] = await Promise.all([jointsOf(place), shotOf(place, found)]);
  if (!joints?.times.length || !shot.url) return 'missing';
  const result = onFramesClock(found, joints.log_offset);
  return { place, result, joints, shot, times: joints.times, anchor: hitTime(result) ?? joints.times.at(-1)! };
}

// Returns what lets it go.
export function open(half: Half, place: Place): () => void {
  let over = false;
  half.film.value = 'loading';
  half.frame.value = 0;
  void load(place).then((film) => {
    if (over && typeof film !== 'string') forgetUrl(film.shot.url);
    if (!over) half.film.value = film;
  });
  return () => {
    over = true;
    const film = half.loaded;
    if (film) forgetUrl(film.shot.url);
    half.film.value = 'loading';
  };
}

function follow() {
  const [first, second] = [leader.loaded, follower.loaded];
  if (first && second) follower.player?.show(beside(first, leader.frame.value, second) + nudge.value);
}

export function show(frame: number) {
  const film = leader.loaded;
  if (!film) return;
  leader.frame.value = clamp(frame, 0, film.times.length - 1);
  leader.player?.show(leader.frame.value);
  follow();
}

export function step(by: number) {
  show(leader.frame.value + by);
}

export function toHit(before = 0) {
  const film = leader.loaded;
  if (film) show(nearest(film.times, film.anchor - before));
}

// Where both have pictures.
export function begin() {
  const [first, second] = [leader.loaded, follower.loaded];
  if (first && second) toHit(Math.min(lead, first.anchor - first.times[0]!, second.anchor - second.times[0]!));
}

// One of the two has its first picture. Where somebody has gone on meanwhile stays.
export function arrived() {
  if (playing.value) return;
  if (leader.frame.value) show(leader.frame.value);
  else begin();
}

export function nudgeBy(frames: number) {
  nudge.value += frames;
  follow();
}

export function play(rate: number) {
  speed.value = rate;
  leader.player?.play(rate);
  follower.player?.play(rate);
}

export function toggle() {
  if (playing.value) leader.player?.pause();
  else play(speed.value);
}

// The leader has begun or ended to play; who follows has its own clock, and is laid beside again.
export function played(is: boolean) {
  playing.value = is;
  led();
}

// The leader shows another picture.
export function led() {
  if (!playing.value) follow();
}
