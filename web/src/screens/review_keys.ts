// The review's keys, in one table. Letters by their place on the keyboard, so that they lie alike on all.
import { compareHref, route } from '../ui/route';
import { letterKeys } from '../ui/settings';
import { service } from '../ui/state';
import { beginHere, endHere } from './clip_state';
import { pressed } from './keys';
import * as review from './review_state';

const speeds = [0.1, 0.25, 0.5, 1];
const speedsOfL = [-1, -0.5, -0.25, 0.25, 0.5, 1, 2];

function shift(by: 1 | -1) {
  const at = speedsOfL.indexOf(review.playing.value ? review.speed.value : by > 0 ? 0.5 : -0.1);
  const start = at < 0 ? (by > 0 ? 4 : 3) : at;
  review.play(speedsOfL[Math.min(speedsOfL.length - 1, Math.max(0, start + by))]!);
}

export interface Screen {
  zoomToFencers(): void;
  resetZoom(): void;
  fullScreen(): void;
  help(): void;
}

type Act = (screen: Screen, event: KeyboardEvent) => void;

function forward({ repeat }: KeyboardEvent) {
  if (repeat) review.player.value?.hold();
  else review.player.value?.step(1);
}

const named: Record<string, Act> = {
  ' ': () => review.toggle(),
  ArrowLeft: (_, { shiftKey }) => review.player.value?.step(shiftKey ? -10 : -1),
  ArrowRight: (_, event) => (event.shiftKey ? review.player.value?.step(10) : forward(event)),
  ArrowUp: () => review.goToStop(-1),
  ArrowDown: () => review.goToStop(1),
  Home: () => review.player.value?.show(0),
  End: () => review.player.value?.show(review.times.value.length - 1),
};
const letters: Record<string, Act> = {
  KeyK: () => review.toggle(),
  KeyJ: () => shift(-1),
  KeyL: () => shift(1),
  KeyH: () => review.hit.value !== undefined && review.goTo(review.hit.value),
  KeyS: () => {
    review.skeletons.value = !review.skeletons.value;
  },
  KeyC: () => {
    if (!service.signature()) location.hash = compareHref(route.value);
  },
  KeyI: () => beginHere(),
  KeyO: () => endHere(),
  KeyZ: (screen) => screen.zoomToFencers(),
  KeyF: (screen) => screen.fullScreen(),
  Digit0: (screen) => screen.resetZoom(),
};
const signs: Record<string, Act> = {
  ',': () => review.player.value?.step(-1),
  '.': (_, event) => forward(event),
  '[': () => review.goToStop(-1),
  ']': () => review.goToStop(1),
  '?': (screen) => screen.help(),
};

export function onKey(event: KeyboardEvent, screen: Screen) {
  if (!pressed(event)) return;
  const digit = /^Digit([1-4])$/.exec(event.code);
  const single = letterKeys.value === 'yes';
  const act =
    named[event.key] ??
    (single ? (signs[event.key] ?? letters[event.code]) : undefined) ??
    (single && digit ? () => review.play(speeds[Number(digit[1]) - 1]!) : undefined);
  if (!act) return;
  event.preventDefault();
  act(screen, event);
}
