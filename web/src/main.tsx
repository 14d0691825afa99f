// The page begins: which screen is shown. Screens but the first come when they are asked for.
import { batch, type Signal, signal, useSignalEffect } from '@preact/signals';
import { type ComponentType, render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Piste } from './screens/piste';
import './ui/colours';
import { asked, type Route, route } from './ui/route';
import { Shell } from './ui/shell';
import { words } from './words/words';

const later: Record<string, () => Promise<ComponentType>> = {
  film: async () => (await import('./screens/film')).Film,
  phrase: async () => (await import('./screens/review')).Review,
  bout: async () => (await import('./screens/bout')).Bout,
  compare: async () => (await import('./screens/compare')).Compare,
  agreement: async () => (await import('./screens/agreement')).Agreement,
  watch: async () => (await import('./screens/watch')).Watch,
  upload: async () => (await import('./screens/upload')).Upload,
  settings: async () => (await import('./screens/settings')).Settings,
  devices: async () => (await import('./screens/devices')).Devices,
  pair: async () => (await import('./screens/pair')).Pair,
};
const bare = new Set(['film', 'watch']);

// Nothing until the first screen that is asked for is here: another would ask for what is not wanted.
const shown: Signal<{ screen: string; Screen: ComponentType | undefined }> = signal({ screen: '', Screen: undefined });

async function show(next: Route) {
  const { screen } = next;
  const Screen = (await later[screen]?.()) ?? Piste;
  if (asked.peek() !== next) return;
  batch(() => {
    route.value = next;
    shown.value = { screen, Screen };
  });
}

function title(screen: string): string {
  const t = words.value;
  const titles: Record<string, string> = { ...t.nav, ...t.titles };
  return titles[screen] ?? t.app;
}

function Page() {
  useSignalEffect(() => {
    void show(asked.value);
  });
  useSignalEffect(() => {
    const called = title(shown.value.screen);
    document.title = called === words.value.app ? called : `${called} · ${words.value.app}`;
  });
  const { screen, Screen } = shown.value;
  // Whoever walks by keyboard or listens goes on in the new screen, not where the link was.
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) document.getElementById('content')?.focus();
    first.current &&= screen === '';
  }, [screen]);
  // Who looks at the list will look at a phrase: its screen is fetched while there is nothing else to do.
  useEffect(() => {
    if (screen !== 'piste') return;
    const fetchIt = () => void later.phrase?.().catch(() => {});
    if ('requestIdleCallback' in window) requestIdleCallback(fetchIt);
    else setTimeout(fetchIt, 1000);
  }, [screen]);
  return <Shell bare={bare.has(screen)}>{Screen && <Screen key={screen} />}</Shell>;
}

const root = document.getElementById('page');
if (root) render(<Page />, root);
// Where the browser lets it (https, localhost), the page opens without the service, too.
void navigator.serviceWorker?.register('service-worker.js').catch(() => {});
