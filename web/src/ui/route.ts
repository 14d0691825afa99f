// Routes live in the hash: they clash with no path of the service and stand in no log.
import { signal } from '@preact/signals';
import type { Place } from '../core/library';

export interface Route extends Place {
  screen: string;
  query: URLSearchParams;
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [screen = '', id = '', part = ''] = path.split('/').map(decode);
  return { screen: screen || 'piste', id, part: part || undefined, query: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// What the address asks for, and what is shown, which follows once its screen is here: no screen sees another's route.
export const asked = signal(read());
export const route = signal(asked.peek());
addEventListener('hashchange', () => {
  asked.value = read();
});

function href(screen: string, place: Place): string {
  return `#/${screen}/${told(place)}`;
}

export function phraseHref(place: Place): string {
  return href('phrase', place);
}

function told({ id, part }: Place): string {
  return [id, part]
    .filter((one) => one !== undefined)
    .map(encodeURIComponent)
    .join('/');
}

// The other way, of what stands in a query.
export function placeIn(text: string | null): Place | undefined {
  const [id = '', part] = (text ?? '').split('/').map(decode);
  return id ? { id, part } : undefined;
}

// Two phrases side by side; without the second it is chosen there.
export function compareHref(a: Place, b?: Place): string {
  return `#/compare?${new URLSearchParams({ a: told(a), ...(b && { b: told(b) }) })}`;
}

export function boutHref(id: string): string {
  return href('bout', { id });
}
