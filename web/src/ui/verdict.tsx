// A verdict's signs: colour, letter and side together, so that none stands alone.
import type { Side, Winner } from '../core/protocol';
import { written } from '../words/language';
import { words } from '../words/words';
import { flipped } from './settings';

// The side as whoever looks sees it.
export function seen<T extends Winner>(side: T): T {
  if (flipped.value === 'no' || (side !== 'left' && side !== 'right')) return side;
  return (side === 'left' ? 'right' : 'left') as T;
}

// Red is the left fencer of the picture whoever looks from where.
export function colourOf(winner: Winner): string {
  return `of-${winner}`;
}

export function Chip({ winner, confidence, review }: { winner: Winner; confidence: number; review: boolean }) {
  const t = words.value;
  return (
    <span class={`chip ${colourOf(winner)}`}>
      <b>{t.letter[seen(winner)]}</b> <span class="number">{written(confidence, 2)}</span>
      {review && <span class="chip-review" role="img" aria-label={t.look} title={t.look} />}
    </span>
  );
}

export function Sureness({ confidence }: { confidence: number }) {
  const t = words.value.sure;
  return (
    <div class="sureness">
      <meter min={0} max={1} value={confidence} aria-label={t.label} />
      <span>
        {t.words(Math.round(confidence * 100) / 100)}, <span class="number">{t.of100(confidence)}</span>
      </span>
    </div>
  );
}

export function sides(): [Side, Side] {
  return flipped.value === 'yes' ? ['right', 'left'] : ['left', 'right'];
}
