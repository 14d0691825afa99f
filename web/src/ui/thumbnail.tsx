// A small picture of a phrase's hit. The service takes its film apart for each, so they are asked for one after the other, those
// that are in sight, while nothing is filmed.
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Listed, phrasePath } from '../core/library';
import { asking, service } from './state';

const width = 160; // pixels
// Whether something is being filmed or judged.
export const busy = signal(true);

// The picture that is being fetched, and those that wait for it.
let turn: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
}

function hasFilm({ artifacts }: Listed): boolean {
  return artifacts.some((name) => name.startsWith('phrase.') && !name.endsWith('.txt'));
}

export function Thumbnail({ phrase }: { phrase: Listed }) {
  const place = useRef<HTMLSpanElement>(null);
  const url = useSignal('');
  const { id, version } = phrase;
  const may = !busy.value && hasFilm(phrase);
  useEffect(() => {
    if (!may || url.peek()) return;
    let over = false;
    const path = phrasePath({ id }, `frames/hit.jpg?${new URLSearchParams({ w: String(width), v: version })}`);
    const fetchIt = async () => {
      if (over || busy.peek()) return;
      const picture = await asking(async () => (await service.fetch(path)).blob());
      if (picture && !over) url.value = URL.createObjectURL(picture);
    };
    const sight = new IntersectionObserver(([seen]) => {
      if (!seen?.isIntersecting) return;
      sight.disconnect();
      void inTurn(fetchIt);
    });
    sight.observe(place.current!);
    return () => {
      over = true;
      sight.disconnect();
    };
  }, [id, version, may]);
  useEffect(() => () => URL.revokeObjectURL(url.peek()), []);
  return (
    <span ref={place} class="thumbnail">
      {url.value && <img src={url.value} alt="" />}
    </span>
  );
}
