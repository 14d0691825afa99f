// What is around every screen: the way to the others, and what stands in the way of all.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../words/words';
import { Icon, type IconName } from './icons';
import { askRole, mayI } from './role';
import { phraseHref, route } from './route';
import { token } from './settings';
import { access, online, service } from './state';

const screens = {
  piste: 'any',
  film: 'film',
  watch: 'read',
  upload: 'film',
  settings: 'any',
} as const satisfies Partial<Record<IconName, unknown>>;
type Screen = keyof typeof screens;

function mayOpen(screen: Screen): boolean {
  const needs = screens[screen];
  return needs === 'any' || mayI(needs);
}

function Navigation() {
  const t = words.value.nav;
  const here = route.value.screen;
  return (
    <nav aria-label={words.value.app}>
      {(Object.keys(screens) as Screen[]).filter(mayOpen).map((name) => (
        <a key={name} href={`#/${name}`} aria-current={here === name ? 'page' : undefined}>
          <Icon name={name} />
          <span>{t[name]}</span>
        </a>
      ))}
    </nav>
  );
}

function TokenForm() {
  const t = words.value.token;
  const [typed, type] = useState('');
  const use = (event: Event) => {
    event.preventDefault();
    token.value = typed.trim();
    access.value = 'open';
    if (service.signature()) location.hash = phraseHref(route.value); // which did not help
  };
  return (
    <main id="content" class="narrow">
      <h1>{t.title}</h1>
      {service.signature() && <p>{t.linkOver}</p>}
      <p>{access.value === 'token-wrong' ? t.wrong : t.needed}</p>
      <form onSubmit={use} class="stack">
        <label for="token">{t.title}</label>
        <input
          id="token"
          type="password"
          autocomplete="current-password"
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
        />
        <button type="submit" class="main">
          {t.use}
        </button>
      </form>
      <p>
        <a href="#/pair">{t.haveCode}</a>
      </p>
    </main>
  );
}

// bare: the screen has all the room. Whoever came by a link has no other screens.
export function Shell({ bare, children }: { bare: boolean; children: ComponentChildren }) {
  const t = words.value;
  // Who comes with a code has no token yet.
  const locked = access.value !== 'open' && route.value.screen !== 'pair';
  useEffect(() => void askRole(), [token.value]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        {t.nav.skip}
      </button>
      {!bare && !service.signature() && <Navigation />}
      {!online.value && (
        <p class="banner" role="status">
          <Icon name="warn" /> {t.problem.offline}
        </p>
      )}
      {locked ? <TokenForm /> : children}
    </>
  );
}
