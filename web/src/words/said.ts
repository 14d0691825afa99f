// The service's sentences in the language that is spoken, once they are here.
import { effect, signal } from '@preact/signals';
import { type Language, language } from './language';

type Texts = Readonly<Record<string, string>>;
interface Catalogue {
  said: Texts;
  words: Texts;
}

const catalogues: Record<Language, () => Promise<Catalogue>> = {
  en: () => import('./sentences/en'),
  fr: () => import('./sentences/fr'),
  es: () => import('./sentences/es'),
  it: () => import('./sentences/it'),
  de: () => import('./sentences/de'),
};

export const sentences = signal<({ language: Language } & Catalogue) | undefined>(undefined);

effect(() => {
  const wanted = language.value;
  void catalogues[wanted]().then((said) => {
    if (language.peek() === wanted) sentences.value = { language: wanted, ...said };
  });
});
