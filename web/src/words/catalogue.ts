// A catalogue follows the language: English is in the script, others come when they are asked for.
import { effect, type Signal, signal } from '@preact/signals';
import { type Language, language } from './language';

interface Catalogue<T> {
  language: Language;
  words: T;
}

// What is shown: the one that is here.
export function catalogue<T>(english: T, others: Record<Exclude<Language, 'en'>, () => Promise<T>>) {
  const here: Signal<Catalogue<T>> = signal({ language: 'en', words: english });
  const load = async (wanted: Language) => {
    const words = wanted === 'en' ? english : await others[wanted]();
    if (language.peek() === wanted) here.value = { language: wanted, words };
  };
  effect(() => {
    void load(language.value);
  });
  return here;
}
