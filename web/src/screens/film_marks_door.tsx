// Marks are for crowded halls: what makes them is fetched when somebody opens this.
import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { words } from '../words/words';

const here = signal<typeof import('./film_marks') | undefined>(undefined);

async function fetchMarks() {
  here.value ??= await import('./film_marks');
}

export function MarksDoor() {
  const Keys = here.value?.MarkKeys;
  return (
    <details class="mark-keys" onToggle={fetchMarks}>
      <summary>{words.value.film.marks.title}</summary>
      {Keys && <Keys />}
    </details>
  );
}

export function MarksShown({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const Layer = here.value?.MarksLayer;
  return Layer ? <Layer video={video} /> : null;
}
