// Keeps the page's own files, so that it opens while the service is away. What the service says is never kept here.
export {};

// Put in by web/build.sh: all files of the page, and what changes with any of them.
declare const FILES: readonly string[];
declare const VERSION: string;

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
const scope = globalThis as unknown as {
  readonly registration: { readonly scope: string };
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
};

const patience = 4000; // ms that the service may take to hand out the page anew
const address = (name: string) => new URL(name, scope.registration.scope).href;
const files = new Set(FILES.map(address));

// Each file is the same for whoever asks for it in whatever way.
async function kept(url: string): Promise<Response> {
  return (await caches.match(url, { ignoreVary: true })) ?? fetch(url);
}

// A new version of the service has a new page: so the service is asked first.
async function page(): Promise<Response> {
  try {
    return await fetch(address(''), { headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(patience) });
  } catch {
    return kept(address('index.html'));
  }
}

scope.addEventListener('install', (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll([...files])));
});

// No page of another version is open any more.
scope.addEventListener('activate', (event) => {
  const forget = (names: string[]) => names.filter((name) => name !== VERSION).map((name) => caches.delete(name));
  event.waitUntil(caches.keys().then((names) => Promise.all(forget(names))));
});

scope.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method !== 'GET') return;
  if (mode === 'navigate' && url.replace(/[?#].*/, '') === address('')) event.respondWith(page());
  else if (files.has(url)) event.respondWith(kept(url));
});
