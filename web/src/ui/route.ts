// Routes live in the hash: they clash with no path of the service and stand in no log.
import { signal } from '@preact/signals';

export interface Route {
  screen: string;
  id: string;
  query: URLSearchParams;
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [screen = '', id = ''] = path.split('/');
  return { screen: screen || 'piste', id: decode(id), query: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const route = signal(read());
addEventListener('hashchange', () => {
  route.value = read();
});

export function phraseHref(id: string): string {
  return `#/phrase/${encodeURIComponent(id)}`;
}
