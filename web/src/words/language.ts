// The language that the page speaks.
import { signal } from '@preact/signals';

export const languages = { en: 'English', fr: 'Français', es: 'Español', it: 'Italiano', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

function isLanguage(text: string | null): text is Language {
  return text !== null && text in languages;
}

function preferred(): Language {
  const kept = localStorage.getItem('language');
  if (isLanguage(kept)) return kept;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return spoken ?? 'en';
}

export const language = signal<Language>(preferred());

export function speak(chosen: Language) {
  localStorage.setItem('language', chosen);
  language.value = chosen;
}

// As it is written here: 0.92 or 0,92.
export function written(value: number, decimals: number): string {
  return value.toLocaleString(language.value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

export function speedWritten(speed: number): string {
  return `×${speed.toLocaleString(language.value)}`;
}
