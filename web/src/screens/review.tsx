// A phrase looked at again: exact pictures, what happened when, and why it was decided so.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Place } from '../core/library';
import { Icon } from '../ui/icons';
import { usePoll } from '../ui/poll';
import { mayI } from '../ui/role';
import { boutHref, compareHref, phraseHref, route } from '../ui/route';
import { service } from '../ui/state';
import { Chip } from '../ui/verdict';
import { more } from '../words/more';
import { words } from '../words/words';
import { Clip } from './clip';
import { Card } from './review_card';
import { CurvesUnderLanes } from './review_curves';
import { Facts } from './review_facts';
import { Lanes } from './review_lanes';
import { NamesAndMore } from './review_names';
import { Otherwise } from './review_otherwise';
import * as people from './review_people';
import { Picture } from './review_picture';
import * as review from './review_state';
import { Share } from './share';

function Help({ dialog }: { dialog: { current: HTMLDialogElement | null } }) {
  const t = more.value.review;
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

// A link leads to one phrase, or to a bout and its phrases.
function Back({ href, says }: { href: string; says: string }) {
  const sig = service.signature();
  if (sig && href === '#/piste') return null;
  return (
    <a class="button" href={sig ? `${href}?${new URLSearchParams({ sig })}` : href}>
      <Icon name="back" /> <span>{says}</span>
    </a>
  );
}

function Missing() {
  const t = more.value.review;
  const says = { loading: '', judging: t.judging, gone: t.gone, here: '' }[review.loading.value];
  return <p role="status">{says}</p>;
}

const lookEvery = 2; // s

// Where the verdict is not to be seen yet: the picture, unless it was drawn into that, and the question.
function Blind({ id, help }: { id: string; help(): void }) {
  const t = words.value;
  usePoll(() => review.lookForClean({ id }), lookEvery);
  const { drawn } = review.shot.value;
  return (
    <div class="review-columns">
      <div class="review-look">{drawn ? <p class="quiet">{more.value.otherwise.drawn}</p> : <Film help={help} />}</div>
      <div class="review-why">
        <p>{more.value.otherwise.judgeFirst}</p>
        <Otherwise id={id} />
        <button
          type="button"
          onClick={() => {
            people.revealed.value = id;
          }}
        >
          <Icon name="eye" /> {t.watch.reveal}
        </button>
      </div>
    </div>
  );
}

function Film({ help }: { help(): void }) {
  const there = review.shot.value.url && (review.times.value.length > 0 || !review.complete.value);
  return there ? <Picture key={review.shot.value.url} help={help} /> : <p class="quiet">{more.value.review.noVideo}</p>;
}

// A bout's phrase is named, judged anew and deleted with the bout.
function Whole({ place, help }: { place: Place; help(): void }) {
  const { id, part } = place;
  useEffect(() => {
    people.sawVerdict(id);
    void review.lookForClean(place); // of who has judged without it: it may be there by now
  }, [id]);
  return (
    <div class="review-columns">
      <div class="review-look">
        <Film help={help} />
        <Lanes />
        <CurvesUnderLanes />
      </div>
      <div class="review-why">
        <Card />
        <Otherwise id={id} />
        <Facts />
        {mayI('read') && !service.signature() && (
          <a class="button" href={compareHref(place)}>
            <Icon name="compare" /> {more.value.compare.open}
          </a>
        )}
        <Clip place={place} />
        {mayI('own') && <Share id={id} page={() => `${phraseHref(place)}?t=${review.now.value.toFixed(3)}`} />}
        {mayI('judge') && !part && <NamesAndMore id={id} />}
      </div>
    </div>
  );
}

export function Review() {
  const t = more.value.review;
  const { id, part } = route.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => review.open({ id, part }), [id, part]); // not after the next paint: it is waited for
  const decision = review.phrase.value?.decision;
  const here = review.loading.value === 'here';
  const hidden = people.isHidden(id);
  const help = () => dialog.current?.showModal();
  return (
    <main id="content" tabIndex={-1} class="review">
      <header class="review-head">
        {part ? <Back href={boutHref(id)} says={t.backToBout} /> : <Back href="#/piste" says={t.back} />}
        <h1 class="cut">{[review.called.value || id, part].filter(Boolean).join(', ')}</h1>
        {decision && !hidden && (
          <Chip winner={decision.winner} confidence={decision.confidence} review={decision.review} />
        )}
      </header>
      {!here && <Missing />}
      {here && (hidden ? <Blind id={id} help={help} /> : <Whole place={{ id, part }} help={help} />)}
      <Help dialog={dialog} />
    </main>
  );
}
