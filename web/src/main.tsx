// The page begins: which screen is shown. Screens but the first come when they are asked for.
import { type Signal, signal, useSignalEffect } from '@preact/signals';
import { type ComponentType, render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Piste } from './screens/piste';
import './ui/colours';
import { route } from './ui/route';
import { Shell } from './ui/shell';
import { words } from './words/words';

const later: Record<string, () => Promise<ComponentType>> = {
  film: async () => (await import('./screens/film')).Film,
  phrase: async () => (await import('./screens/review')).Review,
  agreement: async () => (await import('./screens/agreement')).Agreement,
  watch: async () => (await import('./screens/watch')).Watch,
  upload: async () => (await import('./screens/upload')).Upload,
  settings: async () => (await import('./screens/settings')).Settings,
};
const bare = new Set(['film', 'watch']);

const shown: Signal<{ screen: string; Screen: ComponentType }> = signal({ screen: 'piste', Screen: Piste });

async function show(screen: string) {
  const Screen = (await later[screen]?.()) ?? Piste;
  if (route.peek().screen === screen) shown.value = { screen, Screen };
}

function title(screen: string): string {
  const t = words.value;
  if (screen === 'phrase') return t.review.title;
  if (screen === 'agreement') return t.agreement.title;
  return screen in t.nav ? t.nav[screen as keyof typeof t.nav] : t.app;
}

function Page() {
  useSignalEffect(() => {
    void show(route.value.screen);
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
    first.current = false;
  }, [screen]);
  return (
    <Shell bare={bare.has(screen)}>
      <Screen key={screen} />
    </Shell>
  );
}

const root = document.getElementById('page');
if (root) render(<Page />, root);
// Where the browser lets it (https, localhost), the page opens without the service, too.
void navigator.serviceWorker?.register('service-worker.js').catch(() => {});
