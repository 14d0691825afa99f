// The service's sentences in the language that is spoken, once they are here.
import { effect, signal } from '@preact/signals';
import { type Language, language } from './language';

type Sentences = Readonly<Record<string, string>>;

const catalogues: Record<Language, () => Promise<Sentences>> = {
  en: async () => (await import('./sentences/en')).en,
  fr: async () => (await import('./sentences/fr')).fr,
  es: async () => (await import('./sentences/es')).es,
  it: async () => (await import('./sentences/it')).it,
  de: async () => (await import('./sentences/de')).de,
};

export const sentences = signal<{ language: Language; said: Sentences } | undefined>(undefined);

effect(() => {
  const wanted = language.value;
  void catalogues[wanted]().then((said) => {
    if (language.peek() === wanted) sentences.value = { language: wanted, said };
  });
});
