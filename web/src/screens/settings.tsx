// What this device remembers: language, colours, sides, keys, token.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { health } from '../core/protocol';
import { Radios, Select, Switch } from '../ui/fields';
import { mayI } from '../ui/role';
import { blind, flipped, letterKeys, theme, token } from '../ui/settings';
import { asking, service } from '../ui/state';
import { language, languages, speak } from '../words/language';
import { more } from '../words/more';
import { words } from '../words/words';

const version = signal('');

export function Settings() {
  const t = more.value.settings;
  useEffect(() => {
    void asking(() => service.ask('health', health)).then((answer) => {
      version.value = answer?.version ?? '';
    });
  }, []);
  return (
    <main id="content" tabIndex={-1} class="narrow stack">
      <h1>{t.title}</h1>
      <Select label={t.language} id="language" options={languages} value={language.value} onChange={speak} languages />
      <Radios
        legend={t.theme}
        name="theme"
        options={t.themes}
        value={theme.value}
        onChange={(chosen) => {
          theme.value = chosen;
        }}
      />
      <Switch of={flipped} label={t.sides} hint={t.sidesHint} />
      <Switch of={blind} label={words.value.watch.blind} hint={t.blindHint} />
      <Switch of={letterKeys} label={t.keys} hint={t.keysHint} />
      {mayI('own') && (
        <a class="button" href="#/devices">
          {words.value.titles.devices}
        </a>
      )}
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
