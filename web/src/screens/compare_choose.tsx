// With which phrase: the list once more, with a search.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isJudged, type Listed, type Place, read, samePlace } from '../core/library';
import { PhraseRow } from '../ui/phrase_row';
import { compareHref } from '../ui/route';
import { asking, service } from '../ui/state';
import { busy } from '../ui/thumbnail';
import { more } from '../words/more';
import { words } from '../words/words';

export function Choose({ a }: { a: Place | undefined }) {
  const t = words.value;
  const typed = useSignal('');
  const found = useSignal<Listed[]>([]);
  const looked = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(async () => {
      const answer = await asking(() => read(service, { words: typed.value }, 1));
      if (answer) looked.value = true;
      if (answer) busy.value = answer.running;
      found.value = answer?.found.filter(isJudged).filter((one) => !a || !samePlace(one, a)) ?? [];
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
        {found.value.map((phrase) => (
          <PhraseRow key={phrase.id} phrase={phrase} href={a ? compareHref(a, phrase) : compareHref(phrase)} />
        ))}
      </ul>
      {looked.value && !found.value.length && <p class="quiet">{t.piste.nothingFound}</p>}
    </div>
  );
}
