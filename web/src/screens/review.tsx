// A phrase looked at again: exact pictures, what happened when, and why it was decided so.
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../ui/icons';
import { route } from '../ui/route';
import { Chip } from '../ui/verdict';
import { words } from '../words/words';
import { Card } from './review_card';
import { CurvesUnderLanes } from './review_curves';
import { Facts } from './review_facts';
import { Lanes } from './review_lanes';
import { Picture } from './review_picture';
import * as review from './review_state';

function Help({ dialog }: { dialog: { current: HTMLDialogElement | null } }) {
  const t = words.value.review;
  return (
    <dialog ref={dialog} aria-label={t.keys.help}>
      <h2>{t.keys.help}</h2>
      <dl class="key-help">
        {t.keyHelp.map(([keys, does]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        {t.close}
      </button>
    </dialog>
  );
}

function Missing() {
  const t = words.value.review;
  const says = { loading: '', judging: t.judging, gone: t.gone, here: '' }[review.loading.value];
  return <p role="status">{says}</p>;
}

export function Review() {
  const t = words.value.review;
  const { id } = route.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => review.open(id), [id]);
  const decision = review.phrase.value?.decision;
  const here = review.loading.value === 'here';
  return (
    <main id="content" tabIndex={-1} class="review">
      <header class="review-head">
        <a class="button" href="#/piste">
          <Icon name="back" /> <span>{t.back}</span>
        </a>
        <h1 class="cut">{id}</h1>
        {decision && <Chip winner={decision.winner} confidence={decision.confidence} review={decision.review} />}
      </header>
      {!here && <Missing />}
      {here && (
        <div class="review-columns">
          <div class="review-look">
            {review.videoUrl.value && review.times.value.length > 0 ? (
              <Picture help={() => dialog.current?.showModal()} />
            ) : (
              <p class="quiet">{t.noVideo}</p>
            )}
            <Lanes />
            <CurvesUnderLanes />
          </div>
          <div class="review-why">
            <Card />
            <Facts />
          </div>
        </div>
      )}
      <Help dialog={dialog} />
    </main>
  );
}
