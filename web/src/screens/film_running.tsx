// While it films: dark, so that the phone stays cool, a clock, and two halves to tap.
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Side } from '../core/protocol';
import { Icon } from '../ui/icons';
import { usePoll } from '../ui/poll';
import { Shown } from '../ui/shown';
import { seen, sides } from '../ui/verdict';
import { written } from '../words/language';
import { words } from '../words/words';
import * as film from './film_state';

function TapZone({ side }: { side: Side }) {
  const t = words.value.film;
  const shown = seen(side);
  const done = film.tapped.value.some((one) => one.side === side);
  return (
    <button
      type="button"
      class={`tap of-${side} ${done ? 'done' : ''}`}
      aria-pressed={done}
      // The finger's coming down counts, not its going up. A keyboard's click has no pointer.
      onPointerDown={(event) => film.tap(side, event.timeStamp)}
      onClick={(event) => event.detail === 0 && film.tap(side, event.timeStamp)}
    >
      {shown === 'left' ? <Icon name="left" /> : <Icon name="right" />}
      {t.tap[shown]}
    </button>
  );
}

function Notice({ missing, slow }: { missing: number; slow: boolean }) {
  const t = words.value.film;
  if (film.notice.value === 'lost') return <p class="film-notice">{t.lost}</p>;
  if (!film.connected.value) return <p class="film-notice">{t.cut}</p>;
  if (film.notice.value === 'turned') return <p class="film-notice">{t.turned}</p>;
  if (missing > 0) return <p class="film-notice">{t.hidden(written(missing, 1))}</p>;
  return slow ? <p class="film-notice">{t.slow}</p> : null;
}

// Of a bout.
function Score() {
  const t = words.value;
  const so = film.bout.value;
  const [first, second] = sides();
  return (
    <p class="film-score number" role="status">
      {so &&
        `${t.film.phrases(so.phrases)} · ${t.letter[seen(first)]} ${so.score[first]} : ${so.score[second]} ${t.letter[seen(second)]}`}
      {film.refusal.value && <span lang="en">{film.refusal.value}</span>}
    </p>
  );
}

export function Running({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const t = words.value.film;
  const now = useSignal({ seconds: 0, pictures: 0, unsent: 0, slow: false });
  const missing = useSignal(0);
  usePoll(async () => {
    const running = film.filming.value;
    if (!running) return;
    const { seconds, pictures, unsentBytes: unsent, isSlow: slow } = running;
    now.value = { seconds, pictures, unsent, slow };
  }, 0.5);
  useEffect(() => {
    let since = 0;
    const hide = () => {
      if (document.hidden) since = performance.now();
      else if (since) missing.value += (performance.now() - since) / 1000;
    };
    const shape = video.current && video.current.videoWidth > video.current.videoHeight;
    const turn = () => {
      const wide = video.current && video.current.videoWidth > video.current.videoHeight;
      film.notice.value = wide === shape ? '' : 'turned';
    };
    document.addEventListener('visibilitychange', hide);
    video.current?.addEventListener('resize', turn);
    return () => {
      document.removeEventListener('visibilitychange', hide);
      video.current?.removeEventListener('resize', turn);
    };
  }, []);
  const { seconds, pictures, unsent, slow } = now.value;
  const bout = film.mode.value === 'bout';
  // No thumb throws away what was judged.
  const discardable = bout ? !film.judged.value : film.tapped.value.length === 0;
  return (
    <div class="film-running">
      <p class="film-figures number">
        <span class="dot" /> {written(seconds, 1)} s
        <small>
          {seconds > 1 && `${written(pictures / seconds, 1)}/s · `}
          {t.how[film.filming.value?.encoding ?? '']} · {t.behind(Math.round(unsent / 1024))}
        </small>
      </p>
      <Notice missing={missing.value} slow={slow} />
      {bout && <Score />}
      {bout && film.decision.value && (
        <div class="film-shown">
          <Shown decision={film.decision.value} />
        </div>
      )}
      {film.hitsBy.value === 'taps' && (
        <div class="taps">
          {sides().map((side) => (
            <TapZone key={side} side={side} />
          ))}
        </div>
      )}
      <div class="film-keys">
        {!bout && film.tapped.value.length > 0 && (
          <button type="button" onClick={film.takeBack}>
            {t.undo}
          </button>
        )}
        {discardable && (
          <button type="button" onClick={film.discard}>
            {t.discard}
          </button>
        )}
        <button
          type="button"
          class="main"
          disabled={!bout && film.hitsBy.value === 'taps' && !film.tapped.value.length}
          onClick={film.over}
        >
          {bout ? t.boutOver : t.over}
        </button>
      </div>
    </div>
  );
}
