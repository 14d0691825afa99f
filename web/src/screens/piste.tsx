// The first screen: what is being filmed, and what was.
import { signal } from '@preact/signals';
import { type Statistics, statistics } from '../core/protocol';
import { Icon } from '../ui/icons';
import { usePoll } from '../ui/poll';
import { mayI } from '../ui/role';
import { asking, service } from '../ui/state';
import { words } from '../words/words';
import { Phrases } from './phrases';

const running = signal<Statistics['sessions']>({});

async function refresh() {
  const answer = await asking(() => service.ask('streaming/stats', statistics));
  if (answer) running.value = answer.sessions;
}

function Running() {
  const t = words.value.piste;
  usePoll(refresh, 2);
  const sessions = Object.entries(running.value);
  if (!sessions.length) return null;
  return (
    <section aria-label={t.running}>
      <h2>{t.running}</h2>
      <ul class="rows">
        {sessions.map(([id, one]) => (
          <li key={id}>
            <a class="row live" href="#/watch">
              <span class="dot" /> <b class="cut">{id}</b> <span>{t.state[one.state] ?? one.state}</span>
              <span class="number quiet">{t.frames(one.frames_received)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Doors() {
  return (
    <div class="doors">
      {mayI('film') && (
        <a class="button main" href="#/film">
          <Icon name="film" /> {words.value.nav.film}
        </a>
      )}
      {mayI('read') && (
        <a class="button" href="#/watch">
          <Icon name="watch" /> {words.value.nav.watch}
        </a>
      )}
      {mayI('film') && (
        <a class="button" href="#/upload">
          <Icon name="upload" /> {words.value.nav.upload}
        </a>
      )}
    </div>
  );
}

export function Piste() {
  const t = words.value.piste;
  return (
    <main id="content" tabIndex={-1}>
      <h1>{words.value.app}</h1>
      <p class="lead">{t.lead}</p>
      <Doors />
      {mayI('read') && <Running />}
      {mayI('read') && <Phrases />}
    </main>
  );
}
