// What the other screens say: it comes with them.
import { computed } from '@preact/signals';
import { catalogue } from './catalogue';
import { en } from './more/en';

const here = catalogue(en, {
  fr: async () => (await import('./more/fr')).fr,
  es: async () => (await import('./more/es')).es,
  it: async () => (await import('./more/it')).it,
  de: async () => (await import('./more/de')).de,
});
export const more = computed(() => here.value.words);
