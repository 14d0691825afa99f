// The page's colours as they are now, for what is drawn on canvases: what reads them in an effect is drawn anew when they change.
import { effect, signal } from '@preact/signals';
import { theme } from './settings';

const changes = signal(0);

function changed() {
  changes.value = changes.peek() + 1;
}

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  changed();
});
matchMedia('(prefers-color-scheme: light)').addEventListener('change', changed);

export function colours() {
  void changes.value;
  const root = getComputedStyle(document.documentElement);
  const of = (name: string) => root.getPropertyValue(`--${name}`).trim();
  return {
    left: of('left'),
    right: of('right'),
    text: of('text'),
    quiet: of('quiet'),
    line: of('line'),
    accent: of('accent'),
    font: `13px ${root.getPropertyValue('font-family')}`,
  };
}
