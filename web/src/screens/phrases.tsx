// The phrases that were judged, the newest first, with what narrows them.
import { asRow } from '../core/library';
import { Select, Switch, TextField } from '../ui/fields';
import { Icon } from '../ui/icons';
import { PhraseRow } from '../ui/phrase_row';
import { usePoll } from '../ui/poll';
import { blind } from '../ui/settings';
import { seen } from '../ui/verdict';
import { words } from '../words/words';
import * as state from './phrases_state';
import { SaveRows } from './save_rows';

function Filters() {
  const t = words.value.piste;
  const { verdict } = words.value;
  return (
    <search class="filters">
      <label class="field">
        <span class="hidden-text">{t.search}</span>
        <input
          type="search"
          placeholder={t.search}
          value={state.words.value}
          onInput={(event) => {
            state.words.value = event.currentTarget.value;
          }}
        />
      </label>
      <details open={state.narrowed.peek()}>
        <summary>{t.narrow}</summary>
        <div class="fields">
          <Select
            label={words.value.film.weapon}
            options={{ '': t.any, ...words.value.film.weapons }}
            value={state.weapon.value}
            onChange={(chosen) => {
              state.weapon.value = chosen;
            }}
          />
          <Select
            label={t.call}
            options={{
              '': t.any,
              left: verdict[seen('left')],
              right: verdict[seen('right')],
              none: verdict.none,
              both: verdict.both,
            }}
            value={state.winner.value}
            onChange={(chosen) => {
              state.winner.value = chosen;
            }}
          />
          <TextField
            label={words.value.film.piste}
            value={state.piste.value}
            suggestions={state.pistes.value}
            onInput={(typed) => {
              state.piste.value = typed;
            }}
          />
          <label class="field">
            {t.day}
            <input
              type="date"
              value={state.day.value}
              onInput={(event) => {
                state.day.value = event.currentTarget.value;
              }}
            />
          </label>
          <Switch of={state.onlyReview} label={t.toReview} />
          <Switch of={state.disagreed} label={t.disagreed} />
        </div>
      </details>
    </search>
  );
}

// For who is here for the first time.
function Steps() {
  const icons = ['film', 'check', 'eye'] as const;
  return (
    <ol class="steps">
      {words.value.piste.steps.map(([does, how], i) => (
        <li key={does} class="row">
          <Icon name={icons[i] ?? 'help'} />
          <span class="row-text">
            <b>
              {i + 1}. {does}
            </b>
            <span class="quiet">{how}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

async function rows() {
  return (await state.everyOne())?.map((one) => asRow(one, blind.value === 'yes' && !one.human_verdict));
}

export function Phrases() {
  const t = words.value.piste;
  usePoll(state.refresh, 5);
  const found = state.phrases.value;
  const narrowed = state.narrowed.value;
  if (!found) return null;
  return (
    <section aria-label={t.phrases}>
      <h2>{t.phrases}</h2>
      {(found.length > 0 || narrowed) && <Filters />}
      {found.length === 0 && <p class="quiet">{narrowed ? t.nothingFound : t.none}</p>}
      {found.length === 0 && !narrowed && <Steps />}
      <ul class="rows">
        {found.map((phrase) => (
          <PhraseRow key={phrase.id} phrase={phrase} />
        ))}
      </ul>
      <p class="after-list">
        {state.older.value && (
          <button type="button" onClick={state.showOlder}>
            {t.more}
          </button>
        )}
        {found.length > 0 && <a href="#/agreement">{words.value.titles.agreement}</a>}
      </p>
      {found.length > 0 && <SaveRows name="piste" rows={rows} />}
    </section>
  );
}
