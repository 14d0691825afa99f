// A video from a file, with or without the box's log, to its verdict.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as uploading from '../capture/upload';
import { names, phrasePath } from '../core/library';
import { result } from '../core/protocol';
import { Select } from '../ui/fields';
import { Icon } from '../ui/icons';
import { mayI } from '../ui/role';
import { phraseHref } from '../ui/route';
import { asking, service } from '../ui/state';
import { more } from '../words/more';
import { words } from '../words/words';

type Stage = { is: 'form' } | { is: 'sending'; part: number } | { is: 'judging' } | { is: 'failed'; why: string };
const stage = signal<Stage>({ is: 'form' });
const longestName = 60;
let stop: () => void = () => {};

function send(event: SubmitEvent) {
  event.preventDefault();
  const form = new FormData(event.currentTarget as HTMLFormElement);
  const log = form.get('signal');
  if (log instanceof File && !log.size) form.delete('signal');
  if (!form.get('hits')) form.delete('hits');
  const video = form.get('video');
  // Until somebody names the phrase: as the file.
  const called = video instanceof File ? video.name.replace(/\.[^.]*$/, '').slice(0, longestName) : '';
  stage.value = { is: 'sending', part: 0 };
  stop = uploading.upload(service, form, result, {
    sent: (part) => {
      stage.value = part < 1 ? { is: 'sending', part } : { is: 'judging' };
    },
    done: ({ session_id: id }) => {
      stage.value = { is: 'form' };
      location.hash = phraseHref({ id });
      if (mayI('judge')) void asking(() => service.change('PATCH', phrasePath({ id }), { name: called }, names));
    },
    failed: (why) => {
      stage.value = { is: 'failed', why };
    },
  });
}

function Working() {
  const t = more.value.upload;
  const now = stage.value;
  const part = now.is === 'sending' ? now.part : undefined;
  const says = part === undefined ? t.judging : t.sending(`${Math.round(part * 100)} %`);
  return (
    <div class="stack" role="status">
      <p class="number">{says}</p>
      <progress max={1} value={part} aria-label={t.title} />
      <button
        type="button"
        onClick={() => {
          stop();
          stage.value = { is: 'form' };
        }}
      >
        {t.stop}
      </button>
    </div>
  );
}

function Form() {
  const t = more.value.upload;
  const { weapon, weapons } = words.value.film;
  return (
    <form class="stack" onSubmit={send}>
      <label for="video">{t.video}</label>
      <input id="video" name="video" type="file" accept="video/*" required />
      <label for="signal">{t.log}</label>
      <input id="signal" name="signal" type="file" accept=".txt,text/plain" />
      <label for="hits">{t.hits}</label>
      <input id="hits" name="hits" type="text" aria-describedby="hits-hint" autocomplete="off" spellcheck={false} />
      <small id="hits-hint" class="quiet">
        {t.hitsHint}
      </small>
      <Select label={weapon} name="weapon" options={weapons} />
      <button type="submit" class="main">
        <Icon name="upload" /> {t.send}
      </button>
    </form>
  );
}

export function Upload() {
  const t = more.value.upload;
  useEffect(
    () => () => {
      stop();
      stage.value = { is: 'form' };
    },
    [],
  );
  const working = stage.value.is === 'sending' || stage.value.is === 'judging';
  return (
    <main id="content" tabIndex={-1} class="narrow">
      <h1>{t.title}</h1>
      <p class="lead">{t.lead}</p>
      {stage.value.is === 'failed' && (
        <p role="alert" class="notice">
          {t.failed} {stage.value.why ? <span lang="en">{stage.value.why}</span> : words.value.problem.offline}
        </p>
      )}
      {working && <Working />}
      {/* It stays, with the files that were chosen. */}
      <div hidden={working}>
        <Form />
      </div>
    </main>
  );
}
