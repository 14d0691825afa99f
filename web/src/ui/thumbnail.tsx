// A small picture of a phrase's hit. The service takes its film apart for each, so they are asked for one after the other, those
// that are in sight, while nothing is filmed.
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Listed, type Place, phrasePath } from '../core/library';
import { statistics } from '../core/protocol';
import { asking, service } from './state';

const width = 160; // pixels
// Whether something is being filmed or judged.
export const busy = signal(true);

export async function askBusy() {
  const answer = await asking(() => service.ask('streaming/stats', statistics));
  if (answer) busy.value = Object.keys(answer.sessions).length > 0;
}

// The picture that is being fetched, and those that wait for it.
let turn: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
}

export function hasFilm({ artifacts }: Listed): boolean {
  return artifacts.some((name) => name.startsWith('phrase.') && !name.endsWith('.txt'));
}

// version: of a phrase of its own, by which its picture may be kept for ever.
export function Thumbnail({ of: { id, part }, version }: { of: Place; version?: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const url = useSignal('');
  const may = !busy.value;
  useEffect(() => {
    if (!may || url.peek()) return;
    let over = false;
    const query = new URLSearchParams({ w: String(width), ...(version && { v: version }) });
    const path = phrasePath({ id, part }, `frames/hit.jpg?${query}`);
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
  }, [id, part, version, may]);
  useEffect(() => () => URL.revokeObjectURL(url.peek()), []);
  return (
    <span ref={place} class="thumbnail">
      {url.value && <img src={url.value} alt="" />}
    </span>
  );
}
