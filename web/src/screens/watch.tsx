// For a tablet on the table, a wall, or OBS (?view=obs, no ground): who is judged how, as soon as it is known.
import { signal } from '@preact/signals';
import { type LiveEvent, next, type Shown as Seen, type Verdict } from '../core/live';
import type { Result } from '../core/protocol';
import { useEvents } from '../ui/events';
import { Switch } from '../ui/fields';
import { Icon } from '../ui/icons';
import { usePoll } from '../ui/poll';
import { phraseHref, route } from '../ui/route';
import { blind } from '../ui/settings';
import { Shown } from '../ui/shown';
import { asking, online } from '../ui/state';
import { seen, sides } from '../ui/verdict';
import { more } from '../words/more';
import { words } from '../words/words';
import { resultOf } from './phrase_files';
import { Live, sight } from './watch_live';
import { Replay } from './watch_replay';

const shown = signal<Seen>({ is: 'waiting' });
// Of the phrase that is shown, once it is there.
const result = signal<Result | undefined>(undefined);
const revealed = signal('');
const now = signal(0); // s, here
let clock = Number.NEGATIVE_INFINITY; // the service's less ours, by the message that came soonest
const mostBlind = 10; // s, then the verdict is shown anyhow
const replayed = 15; // s, of a phrase of a bout that goes on

function isObs(): boolean {
  return route.value.query.get('view') === 'obs';
}

function seconds() {
  return performance.now() / 1000;
}

function hear(event: LiveEvent) {
  const told = event.type === 'hello' ? event.server_time : 'time' in event ? event.time : undefined;
  if (told !== undefined) clock = Math.max(clock, told - seconds());
  if (event.type === 'sight') {
    if ('id' in shown.value && shown.value.id === event.session_id) sight.value = event;
    return;
  }
  const before = shown.value;
  const now = next(before, event);
  shown.value = now;
  if (now.is !== 'verdict' || !samePhrase(now, before)) result.value = undefined;
  if (now.is === 'verdict' && isAllThere(now, event)) void fetchResult(now);
}

function samePhrase(one: Verdict, other: Seen): boolean {
  return other.is === 'verdict' && one.id === other.id && one.number === other.number;
}

function isAllThere({ id, number }: Verdict, event: LiveEvent): boolean {
  if (event.type === 'phrase_complete') return event.session_id === id && event.number === number;
  return event.type === 'session_state' && event.state === 'COMPLETE' && event.session_id === id && !number;
}

async function fetchResult(of: Verdict) {
  const found = await asking(() => resultOf(of));
  if (samePhrase(of, shown.value) && found && typeof found !== 'string') result.value = found;
}

// A phrase is being fenced, or a bout goes on.
function isLive(one: Seen): one is Exclude<Seen, { is: 'waiting' }> {
  return one.is === 'filming' || one.is === 'judging' || (one.is === 'verdict' && one.goesOn === true);
}

function Lamps() {
  const found = result.value;
  const t = words.value;
  if (shown.value.is !== 'verdict') return null;
  return (
    <div class="lamps">
      {sides().map((side) => {
        const touch = found?.phrase.touches.find((other) => other.side === side);
        const kind = touch ? (touch.valid ? 'on' : 'off-target') : '';
        return (
          <p key={side} class={`lamp of-${side} ${kind}`}>
            {touch && t.film.tap[seen(side)]}
            {touch && !touch.valid && ` (${more.value.review.offTarget})`}
          </p>
        );
      })}
    </div>
  );
}

function Judged() {
  const t = words.value.watch;
  const one = shown.value;
  const [first, second] = sides();
  const obs = isObs();
  if (one.is !== 'verdict') return null;
  const age = Math.max(0, Math.round(now.value + clock - one.time));
  const name = `${one.id} ${one.number ?? ''}`;
  const hidden = blind.value === 'yes' && revealed.value !== name && age < mostBlind;
  return (
    <>
      <div class="watch-judged">
        {hidden ? (
          <button
            type="button"
            class="main reveal"
            onClick={() => {
              revealed.value = name;
            }}
          >
            <Icon name="eye" /> {t.reveal}
          </button>
        ) : (
          <Shown decision={one.decision} />
        )}
        {result.value && !obs && (!one.goesOn || age < replayed) && (
          <Replay place={one} result={result.value} withDrawings={!hidden} />
        )}
      </div>
      <p class="watch-age number">
        {t.ago(age)}
        {one.score && (
          <span>
            {one.score[first]} : {one.score[second]}
          </span>
        )}
        {result.value && !obs && (
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
  useEvents(hear);
  usePoll(async () => {
    now.value = seconds();
  }, 0.5);
  const obs = isObs();
  const phrase = shown.value;
  const { is } = phrase;
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
      <Judged />
      {!obs && isLive(phrase) && <Live key={phrase.id} id={phrase.id} />}
    </main>
  );
}
