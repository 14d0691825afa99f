// With which phrase: the list once more, with a search; a bout opens to its phrases.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Row } from '../core/bout';
import { isJudged, type Listed, type Place, read, samePlace } from '../core/library';
import { PhraseRow, PhraseText } from '../ui/phrase_row';
import { compareHref } from '../ui/route';
import { asking, service } from '../ui/state';
import { busy } from '../ui/thumbnail';
import { more } from '../words/more';
import { words } from '../words/words';
import { BoutRow, ofSession } from './bout_row';

type Href = (place: Place) => string;

// Opens to its phrases. a: the one that is not offered.
function Bout({ bout, a, href }: { bout: Listed; a: Place | undefined; href: Href }) {
  const rows = useSignal<Row[]>([]);
  const open = async ({ currentTarget }: Event) => {
    if (!(currentTarget as HTMLDetailsElement).open || rows.value.length) return;
    const answer = await asking(() => ofSession(bout.id));
    if (answer && typeof answer !== 'string') rows.value = answer.rows;
  };
  return (
    <li>
      <details onToggle={open}>
        <summary class="row">
          <PhraseText phrase={bout} />
        </summary>
        <ul class="rows inner">
          {rows.value
            .filter(({ place }) => !a || !samePlace(place, a))
            .map((row) => (
              <BoutRow key={row.number} row={row} href={href(row.place)} />
            ))}
        </ul>
      </details>
    </li>
  );
}

export function Choose({ a }: { a: Place | undefined }) {
  const t = words.value;
  const typed = useSignal('');
  const found = useSignal<Listed[]>([]);
  const looked = useSignal(false);
  const href: Href = (place) => (a ? compareHref(a, place) : compareHref(place));
  useEffect(() => {
    const timer = setTimeout(async () => {
      const answer = await asking(() => read(service, { words: typed.value }, 1));
      if (answer) looked.value = true;
      if (answer) busy.value = answer.running;
      found.value = answer?.found.filter((one) => !a || !samePlace(one, a)) ?? [];
    }, 200);
    return () => clearTimeout(timer);
  }, [typed.value, a?.id, a?.part]);
  return (
    <div class="stack">
      <p class="lead">
        {a ? more.value.compare.with(a.part ? `${a.id}, ${a.part}` : a.id) : more.value.compare.choose}
      </p>
      <label class="field">
        <span class="hidden-text">{t.piste.search}</span>
        <input
          type="search"
          placeholder={t.piste.search}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      <ul class="rows">
        {found.value.map((one) =>
          isJudged(one) ? (
            <PhraseRow key={one.id} phrase={one} href={href(one)} />
          ) : (
            <Bout key={one.id} bout={one} a={a} href={href} />
          ),
        )}
      </ul>
      {looked.value && !found.value.length && <p class="quiet">{t.piste.nothingFound}</p>}
    </div>
  );
}
