// What this device remembers: language, colours, sides, keys, token.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { health } from '../core/protocol';
import { flipped, letterKeys, theme, token } from '../ui/settings';
import { asking, service } from '../ui/state';
import { isLanguage, language, languages, speak, words } from '../words/words';

const version = signal('');

function Switch({ of, label, hint }: { of: typeof flipped; label: string; hint: string }) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={of.value === 'yes'}
        onChange={(event) => {
          of.value = event.currentTarget.checked ? 'yes' : 'no';
        }}
      />
      <span>
        <b>{label}</b>
        <small>{hint}</small>
      </span>
    </label>
  );
}

export function Settings() {
  const t = words.value.settings;
  useEffect(() => {
    void asking(() => service.ask('health', health)).then((answer) => {
      version.value = answer?.version ?? '';
    });
  }, []);
  return (
    <main id="content" tabIndex={-1} class="narrow stack">
      <h1>{t.title}</h1>
      <label for="language">{t.language}</label>
      <select
        id="language"
        value={language.value}
        onChange={(event) => isLanguage(event.currentTarget.value) && speak(event.currentTarget.value)}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      <fieldset class="choice">
        <legend>{t.theme}</legend>
        {(['system', 'dark', 'light'] as const).map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="theme"
              checked={theme.value === name}
              onChange={() => {
                theme.value = name;
              }}
            />
            {t.themes[name]}
          </label>
        ))}
      </fieldset>
      <Switch of={flipped} label={t.sides} hint={t.sidesHint} />
      <Switch of={letterKeys} label={t.keys} hint={t.keysHint} />
      {token.value && (
        <button
          type="button"
          onClick={() => {
            token.value = '';
          }}
        >
          {t.token}: {t.forget}
        </button>
      )}
      <p class="quiet">
        {version.value && `${t.version} ${version.value}. `}
        {t.about}
      </p>
    </main>
  );
}
