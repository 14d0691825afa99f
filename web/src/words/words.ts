// The language that the page speaks: English is in the first script, others come when they are asked for.
import { computed, effect, signal } from '@preact/signals';
import { en, type Words } from './en';

export const languages = { en: 'English', fr: 'Français', es: 'Español', it: 'Italiano', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const loaders: Record<Exclude<Language, 'en'>, () => Promise<Words>> = {
  fr: async () => (await import('./fr')).fr,
  es: async () => (await import('./es')).es,
  it: async () => (await import('./it')).it,
  de: async () => (await import('./de')).de,
};

export function isLanguage(text: string | null): text is Language {
  return text !== null && text in languages;
}

function preferred(): Language {
  const kept = localStorage.getItem('language');
  if (isLanguage(kept)) return kept;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return spoken ?? 'en';
}

export const language = signal<Language>(preferred());
const loaded = signal<{ language: Language; words: Words }>({ language: 'en', words: en });
// What is shown: the catalogue that is here.
export const words = computed(() => loaded.value.words);

export function speak(chosen: Language) {
  localStorage.setItem('language', chosen);
  language.value = chosen;
}

async function load(wanted: Language) {
  const catalogue = wanted === 'en' ? en : await loaders[wanted]();
  if (language.peek() === wanted) loaded.value = { language: wanted, words: catalogue };
}

effect(() => {
  void load(language.value);
});
effect(() => {
  document.documentElement.lang = loaded.value.language;
});
