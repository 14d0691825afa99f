// The list of phrases as it is asked for.
import { computed, effect, signal } from '@preact/signals';
import { type Listed, read } from '../core/library';
import { asking, service } from '../ui/state';
import { busy } from '../ui/thumbnail';

export const words = signal('');
export const onlyReview = signal<'yes' | 'no'>('no');
export const disagreed = signal<'yes' | 'no'>('no');
export const weapon = signal<'' | 'sabre' | 'foil' | 'epee'>('');
export const winner = signal<'' | 'left' | 'right' | 'none' | 'both'>('');
export const piste = signal('');
export const day = signal('');
const filters = [words, weapon, winner, piste, day];
export const narrowed = computed(
  () => onlyReview.value === 'yes' || disagreed.value === 'yes' || filters.some((filter) => filter.value.trim() !== ''),
);
// Nothing: not known yet.
export const phrases = signal<Listed[] | undefined>(undefined);
export const older = signal(false);
// Whose names were in the list.
export const pistes = signal<readonly string[]>([]);

let pages = 1;
let asked = 0;

function wanted() {
  return {
    words: words.peek(),
    review: onlyReview.peek() === 'yes',
    disagreed: disagreed.peek() === 'yes',
    weapon: weapon.peek(),
    winner: winner.peek(),
    piste: piste.peek(),
    day: day.peek(),
  };
}

const most = { limit: 500, pages: 40 };

// All that are like that, not only those that are shown.
export async function everyOne(): Promise<Listed[] | undefined> {
  const answer = await asking(() => read(service, { ...wanted(), limit: most.limit }, most.pages));
  return answer?.found;
}

export async function refresh() {
  const mine = ++asked;
  const answer = await asking(() => read(service, wanted(), pages)); // as many as are shown
  if (!answer || mine !== asked) return; // another question was put meanwhile
  phrases.value = answer.found;
  busy.value = answer.running;
  older.value = answer.older;
  const named = answer.found.flatMap((one) => one.piste ?? []);
  pistes.value = [...new Set([...pistes.value, ...named])].sort();
}

export async function showOlder() {
  ++pages;
  await refresh();
}

// While somebody types, it is asked once they pause.
let timer = 0;
effect(() => {
  void onlyReview.value;
  void disagreed.value;
  for (const filter of filters) void filter.value;
  clearTimeout(timer);
  if (phrases.peek() === undefined) return;
  timer = window.setTimeout(() => {
    pages = 1;
    void refresh();
  }, 250);
});
