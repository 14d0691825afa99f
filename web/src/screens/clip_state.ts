// A piece of the phrase that is looked at, from which picture to which.
import { computed, signal } from '@preact/signals';
import { nearest } from '../core/times';
import * as review from './review_state';

const before = 2; // s before the hit, where a piece begins if nobody says so
const after = 0.5;

export interface Piece {
  readonly first: number; // both are in it
  readonly last: number;
}

const said = signal<Partial<Piece>>({});
// Whether somebody is about to cut one.
export const cutting = signal(false);

function usual(): Piece {
  const end = review.times.value.length - 1;
  const hit = review.hit.value;
  if (hit === undefined) return { first: 0, last: end };
  return { first: nearest(review.times.value, hit - before), last: nearest(review.times.value, hit + after) };
}

export const piece = computed<Piece>(() => {
  const { first = usual().first, last = usual().last } = said.value;
  return { first: Math.min(first, last), last: Math.max(first, last) };
});

export function forgetPiece() {
  said.value = {};
  cutting.value = false;
}

// An end that would lie before the beginning moves that one, too.
export function beginHere() {
  const first = review.frame.value;
  said.value = { first, last: Math.max(first, piece.value.last) };
  cutting.value = true;
}

export function endHere() {
  const last = review.frame.value;
  said.value = { first: Math.min(last, piece.value.first), last };
  cutting.value = true;
}
