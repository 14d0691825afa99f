// Two phrases side by side, stepped together, laid together at the hit: #/compare?a=ID&b=ID, a bout's phrases as ID/FOLDER.
import { useEffect } from 'preact/hooks';
import type { Place } from '../core/library';
import { Icon, type IconName } from '../ui/icons';
import { compareHref, phraseHref, placeIn, route } from '../ui/route';
import { letterKeys } from '../ui/settings';
import { speedWritten } from '../words/language';
import { more } from '../words/more';
import { words } from '../words/words';
import { Choose } from './compare_choose';
import { Half } from './compare_half';
import * as compare from './compare_state';
import { pressed } from './keys';

const speeds = [0.1, 0.25, 0.5, 1];

const keys: Record<string, (event: KeyboardEvent) => void> = {
  ' ': compare.toggle,
  ArrowLeft: ({ shiftKey }) => compare.step(shiftKey ? -10 : -1),
  ArrowRight: ({ shiftKey }) => compare.step(shiftKey ? 10 : 1),
  Home: compare.begin,
};
const letters: Record<string, (event: KeyboardEvent) => void> = {
  ',': () => compare.step(-1),
  '.': () => compare.step(1),
  ';': () => compare.nudgeBy(-1),
  "'": () => compare.nudgeBy(1),
  h: () => compare.toHit(),
  k: compare.toggle,
};

function onKey(event: KeyboardEvent) {
  const act = pressed(event) && (keys[event.key] ?? (letterKeys.value === 'yes' ? letters[event.key] : undefined));
  if (!act) return;
  event.preventDefault();
  act(event);
}

function Key({ icon, label, onClick }: { icon: IconName; label: string; onClick(): void }) {
  return (
    <button type="button" class="key" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

function Controls() {
  const t = more.value;
  const { playing, speed, nudge, now } = compare;
  return (
    <section class="compare-keys" aria-label={t.compare.together}>
      <p class="position number">
        {t.review.toHit(Math.round(now.value * 1000))}
        {speed.value < 1 && playing.value && <b class="slow"> {speedWritten(speed.value)}</b>}
      </p>
      <div class="keys">
        <Key icon="previous" label={t.compare.begin} onClick={compare.begin} />
        <Key icon="back" label={t.review.keys.back} onClick={() => compare.step(-1)} />
        <Key
          icon={playing.value ? 'pause' : 'play'}
          label={playing.value ? t.review.keys.pause : t.review.keys.play}
          onClick={compare.toggle}
        />
        <Key icon="forward" label={t.review.keys.forward} onClick={() => compare.step(1)} />
        <Key icon="next" label={t.compare.hit} onClick={() => compare.toHit()} />
      </div>
      <fieldset class="speeds">
        <legend class="hidden-text">{t.review.keys.speed}</legend>
        {speeds.map((rate) => (
          <button key={rate} type="button" aria-pressed={speed.value === rate} onClick={() => compare.play(rate)}>
            {speedWritten(rate)}
          </button>
        ))}
      </fieldset>
      <fieldset class="nudge">
        <legend class="quiet small">{t.compare.nudge(nudge.value)}</legend>
        <Key icon="left" label={t.compare.earlier} onClick={() => compare.nudgeBy(-1)} />
        <Key icon="right" label={t.compare.later} onClick={() => compare.nudgeBy(1)} />
      </fieldset>
    </section>
  );
}

function Both({ a, b }: { a: Place; b: Place }) {
  const t = more.value.compare;
  useEffect(() => compare.open(compare.leader, a), [a.id, a.part]);
  useEffect(() => compare.open(compare.follower, b), [b.id, b.part]);
  useEffect(() => {
    compare.nudge.value = 0;
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <div class="halves">
        <Half half={compare.leader} label={t.first} />
        <Half half={compare.follower} label={t.second} />
      </div>
      <Controls />
      <p class="quiet small">{t.hint}</p>
      <a class="button" href={compareHref(a)}>
        {t.another}
      </a>
    </>
  );
}

export function Compare() {
  const t = more.value;
  const { query } = route.value;
  const [a, b] = [placeIn(query.get('a')), placeIn(query.get('b'))];
  return (
    <main id="content" tabIndex={-1} class="review">
      <header class="review-head">
        <a class="button" href={a ? phraseHref(a) : '#/piste'}>
          <Icon name="back" /> <span>{t.review.back}</span>
        </a>
        <h1>{words.value.titles.compare}</h1>
      </header>
      {a && b ? <Both a={a} b={b} /> : <Choose a={a} />}
    </main>
  );
}
