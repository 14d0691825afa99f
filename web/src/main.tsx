// The page begins: which screen is shown. Screens but the first come when they are asked for.
import { type Signal, signal, useSignalEffect } from '@preact/signals';
import { type ComponentType, render } from 'preact';
import { Piste } from './screens/piste';
import './ui/colours';
import { route } from './ui/route';
import { Shell } from './ui/shell';

const later: Record<string, () => Promise<ComponentType>> = {
  film: async () => (await import('./screens/film')).Film,
  phrase: async () => (await import('./screens/review')).Review,
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

function Page() {
  useSignalEffect(() => {
    void show(route.value.screen);
  });
  const { screen, Screen } = shown.value;
  return (
    <Shell bare={bare.has(screen)}>
      <Screen key={screen} />
    </Shell>
  );
}

const root = document.getElementById('page');
if (root) render(<Page />, root);
