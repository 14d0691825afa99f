// What the first screen says, and a phone beside the piste.
import { computed, effect } from '@preact/signals';
import { catalogue } from './catalogue';
import { en } from './en';

const here = catalogue(en, {
  fr: async () => (await import('./fr')).fr,
  es: async () => (await import('./es')).es,
  it: async () => (await import('./it')).it,
  de: async () => (await import('./de')).de,
});
export const words = computed(() => here.value.words);
effect(() => {
  document.documentElement.lang = here.value.language;
});
