// For a tablet on the table, a wall, or OBS (?view=obs, no ground): who is judged how, as soon as it is known.
import { signal } from '@preact/signals';
import { type Fate, next, type Shown as Seen } from '../core/live';
import { result, statistics } from '../core/protocol';
import { ServiceError } from '../core/service';
import { Switch } from '../ui/fields';
import { Icon } from '../ui/icons';
import { usePoll } from '../ui/poll';
import { phraseHref, route } from '../ui/route';
import { blind } from '../ui/settings';
import { Shown } from '../ui/shown';
import { asking, online, service } from '../ui/state';
import { seen, sides } from '../ui/verdict';
import { words } from '../words/words';

const shown = signal<Seen>({ is: 'waiting' });
const revealed = signal('');
const now = signal(0);
const mostBlind = 10; // s, then the verdict is shown anyhow

async function fate(id: string): Promise<Fate> {
  const path = `sessions/${encodeURIComponent(id)}/result`;
  try {
    const answer = await service.fetch(path);
    return answer.status === 202 ? { is: 'judging' } : { is: 'done', result: await service.ask(path, result) };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status === 0) throw error;
    return { is: error.status === 409 ? 'filming' : 'failed' };
  }
}

async function look() {
  now.value = performance.now() / 1000;
  await asking(async () => {
    const answer = await service.ask('streaming/stats', statistics);
    shown.value = await next(shown.value, answer, fate, now.value);
  });
}

function Lamps() {
  const one = shown.value;
  if (one.is !== 'verdict') return null;
  const t = words.value;
  return (
    <div class="lamps">
      {sides().map((side) => {
        const touch = one.result.phrase.touches.find((other) => other.side === side);
        const kind = touch ? (touch.valid ? 'on' : 'off-target') : '';
        return (
          <p key={side} class={`lamp of-${side} ${kind}`}>
            {touch && t.film.tap[seen(side)]}
            {touch && !touch.valid && ` (${t.review.offTarget})`}
          </p>
        );
      })}
    </div>
  );
}

function Verdict() {
  const t = words.value.watch;
  const one = shown.value;
  if (one.is !== 'verdict') return null;
  const age = Math.max(0, Math.round(now.value - one.since));
  const hidden = blind.value === 'yes' && revealed.value !== one.id && age < mostBlind;
  return (
    <>
      {hidden ? (
        <button
          type="button"
          class="main reveal"
          onClick={() => {
            revealed.value = one.id;
          }}
        >
          <Icon name="eye" /> {t.reveal}
        </button>
      ) : (
        <Shown decision={one.result.decision} />
      )}
      <p class="watch-age number">
        {t.ago(age)}
        {route.value.query.get('view') !== 'obs' && (
          <a class="button" href={phraseHref(one)}>
            {words.value.film.look}
          </a>
        )}
      </p>
    </>
  );
}

function Head() {
  const t = words.value.watch;
  return (
    <header class="watch-head">
      <a class="button" href="#/piste">
        <Icon name="back" /> {words.value.film.leave}
      </a>
      <Switch of={blind} label={t.blind} />
    </header>
  );
}

export function Watch() {
  const t = words.value.watch;
  usePoll(look, 0.5);
  const obs = route.value.query.get('view') === 'obs';
  const { is } = shown.value;
  const says = { waiting: t.waiting, filming: t.filming, judging: t.judging, failed: t.failed, verdict: '' }[is];
  return (
    <main id="content" tabIndex={-1} class={`watch ${obs ? 'obs' : ''}`}>
      <h1 class="hidden-text">{t.title}</h1>
      {!obs && <Head />}
      <Lamps />
      {says && (
        <p class="watch-state" role="status">
          {is === 'filming' && <span class="dot" />} {online.value ? says : t.cut}
        </p>
      )}
      <Verdict />
    </main>
  );
}
