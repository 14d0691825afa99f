// The phone beside the piste: four lights, one button, two halves to tap, and the verdict.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { isSafePage, openCamera, stayAwake } from '../capture/camera';
import { Icon } from '../ui/icons';
import { boutHref, phraseHref } from '../ui/route';
import { Shown } from '../ui/shown';
import { words } from '../words/words';
import { MarksShown } from './film_marks_door';
import { Running } from './film_running';
import { Setup } from './film_setup';
import * as film from './film_state';

function Waiting() {
  const t = words.value.film;
  return (
    <div class="film-middle">
      <p class="film-word" role="status">
        {t.judging}
      </p>
      <progress max={1} value={film.progress.value} aria-label={t.judging} />
      {!film.connected.value && <p class="film-notice">{t.cut}</p>}
    </div>
  );
}

function LogFile() {
  const t = words.value.film;
  const read = async (file: File | undefined) => {
    if (!file) return;
    const text = await file.text();
    await film.conclude(() => text);
  };
  return (
    <div class="film-middle stack">
      <label for="log" class="film-word">
        {t.chooseLog}
      </label>
      <input id="log" type="file" accept=".txt,text/plain" onChange={(event) => read(event.currentTarget.files?.[0])} />
      <button type="button" onClick={film.discard}>
        {t.discard}
      </button>
    </div>
  );
}

function Verdict() {
  const t = words.value.film;
  const bout = film.mode.value === 'bout';
  return (
    <div class="film-verdict">
      {film.stage.value === 'failed' && (
        <p class="film-word" role="alert">
          {t.failed} <span lang="en">{film.failure.value}</span>
        </p>
      )}
      {film.stage.value === 'verdict' && film.decision.value && <Shown decision={film.decision.value} />}
      {film.stage.value === 'verdict' && bout && (
        <p class="film-word" role="status">
          {t.boutIsOver}
        </p>
      )}
      <div class="film-keys">
        {film.stage.value === 'verdict' && (
          <a class="button" href={bout ? boutHref(film.phraseId.value) : phraseHref({ id: film.phraseId.value })}>
            <Icon name="eye" /> {t.look}
          </a>
        )}
        <button type="button" class="main" onClick={film.again}>
          {t.next}
        </button>
      </div>
    </div>
  );
}

function letGoOf(stream: MediaStream) {
  for (const track of stream.getTracks()) track.stop();
}

// The preview stays mounted in every stage: a source may read its pictures.
export function Film() {
  const video = useRef<HTMLVideoElement>(null);
  const stream = useSignal<MediaStream | undefined>(undefined);
  const refused = useSignal(false);
  const stage = film.stage.value;
  useEffect(() => {
    if (!isSafePage()) return;
    film.fetchFilming().catch(() => {}); // the net is away: it is asked for again as a phrase begins
    const letGo = stayAwake();
    let stop: () => void = () => {};
    let left = false;
    openCamera().then(
      (opened) => {
        const shown = video.current;
        if (left || !shown) return letGoOf(opened);
        stream.value = opened;
        shown.srcObject = opened;
        stop = film.measure(shown);
        opened.getVideoTracks()[0]?.addEventListener('ended', () => {
          film.notice.value = 'lost';
          film.over();
        });
      },
      () => {
        refused.value = true;
      },
    );
    return () => {
      left = true;
      letGo();
      stop();
      film.leave();
      if (stream.value) letGoOf(stream.value);
    };
  }, []);
  return (
    <main id="content" tabIndex={-1} class={`film film-${stage}`}>
      <h1 class="hidden-text">{words.value.film.title}</h1>
      <div class="film-look">
        <video ref={video} class="film-preview" muted playsInline autoplay onResize={film.forgetMarks} />
        {stage === 'setup' && <MarksShown video={video} />}
      </div>
      {stage === 'setup' && <Setup video={video} stream={stream.value} refused={refused.value} />}
      {stage === 'filming' && <Running video={video} />}
      {stage === 'log' && <LogFile />}
      {stage === 'waiting' && <Waiting />}
      {(stage === 'verdict' || stage === 'failed') && <Verdict />}
    </main>
  );
}
