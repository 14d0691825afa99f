// I see it otherwise: what a person saw, kept beside the verdict.
import { useSignal } from '@preact/signals';
import type { People, Said } from '../core/library';
import { Radios } from '../ui/fields';
import { when } from '../ui/phrase_row';
import { mayI } from '../ui/role';
import { person } from '../ui/settings';
import { seen, sides } from '../ui/verdict';
import { more } from '../words/more';
import { words } from '../words/words';
import * as people from './review_people';
import * as review from './review_state';

type Verdict = NonNullable<People['human_verdict']>;

function option(said: Said): string {
  const { options } = words.value.person;
  return said === 'unclear' ? options.unclear : options[seen(said)];
}

function reasonNames(codes: readonly string[]): string {
  const names = more.value.otherwise.reason as Record<string, string>;
  return codes.map((code) => names[code] ?? code).join(', ');
}

function Failure() {
  const t = more.value.otherwise;
  const fate = people.fate.value;
  if (!fate || fate === 'kept') return null;
  return (
    <p role="alert" class="notice">
      {fate === 'changed' ? t.changed : t.failed}
    </p>
  );
}

function Reasons({ chosen, choose }: { chosen: ReadonlySet<string>; choose(next: Set<string>): void }) {
  const t = more.value.otherwise;
  const toggle = (code: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(code);
    else next.delete(code);
    choose(next);
  };
  return (
    <fieldset class="choice">
      <legend>{t.reasons}</legend>
      {Object.entries(t.reason).map(([code, name]) => (
        <label key={code}>
          <input
            type="checkbox"
            checked={chosen.has(code)}
            onChange={(event) => toggle(code, event.currentTarget.checked)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function Form({ id, before, done }: { id: string; before: Verdict | null; done(): void }) {
  const t = more.value.otherwise;
  const winner = useSignal<Said | undefined>(before?.winner);
  const reasons = useSignal<ReadonlySet<string>>(new Set(before?.reasons));
  const note = useSignal(before?.note ?? '');
  const keep = async (event: Event) => {
    event.preventDefault();
    if (!winner.value) return;
    const what = { winner: winner.value, reasons: [...reasons.value], note: note.value, by: person.value };
    await people.keep(id, what);
    if (people.fate.value === 'kept') done();
  };
  const [first, second] = sides();
  const options = Object.fromEntries([first, second, 'none', 'unclear'].map((said) => [said, option(said as Said)]));
  return (
    <form class="stack" onSubmit={keep}>
      <Radios
        legend={t.winner}
        name="winner"
        options={options as Record<Said, string>}
        value={winner.value}
        onChange={(chosen) => {
          winner.value = chosen;
        }}
      />
      <Reasons
        chosen={reasons.value}
        choose={(next) => {
          reasons.value = next;
        }}
      />
      <label class="field">
        {t.note}
        <textarea
          rows={2}
          maxLength={1000}
          value={note.value}
          onInput={(event) => {
            note.value = event.currentTarget.value;
          }}
        />
      </label>
      <label class="field">
        {t.by}
        <input
          type="text"
          maxLength={60}
          value={person.value}
          onInput={(event) => {
            person.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" disabled={!winner.value}>
        {t.keep}
      </button>
    </form>
  );
}

function History({ history }: { history: People['history'] }) {
  const t = more.value.otherwise;
  if (history.length < 2) return null;
  return (
    <details>
      <summary>{t.before}</summary>
      <ol class="history">
        {history.map(({ winner, by, at }) => (
          <li key={at}>
            {winner ? option(winner) : t.takenBack}{' '}
            <small class="quiet">{[by, when(at)].filter(Boolean).join(', ')}</small>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Kept({ id, verdict, change }: { id: string; verdict: Verdict; change(): void }) {
  const t = more.value.otherwise;
  const agrees = verdict.winner === review.phrase.value?.decision.winner;
  return (
    <>
      <p role="status">
        {t.kept} <b>{option(verdict.winner)}</b>
        {verdict.winner !== 'unclear' && `, ${agrees ? t.agrees : t.differs}`}
        {verdict.blind && ` (${t.blind})`}
      </p>
      <p class="quiet">
        {[reasonNames(verdict.reasons), verdict.note, verdict.by, when(verdict.at)].filter(Boolean).join(' · ')}
      </p>
      <div class="pair">
        <button type="button" onClick={change}>
          {t.change}
        </button>
        <button type="button" onClick={() => people.takeBack(id)}>
          {t.takeBack}
        </button>
      </div>
    </>
  );
}

export function Otherwise({ id }: { id: string }) {
  const t = more.value.otherwise;
  const changing = useSignal(false);
  const said = people.said.value;
  if (!said || !mayI('judge')) return null;
  const verdict = said.human_verdict;
  const hidden = people.isHidden(id);
  return (
    <section class="otherwise" aria-label={t.title}>
      <h2>{hidden ? t.winner : t.title}</h2>
      <p class="quiet">{t.lead}</p>
      {verdict && !changing.value ? (
        <Kept
          id={id}
          verdict={verdict}
          change={() => {
            changing.value = true;
          }}
        />
      ) : (
        <Form
          id={id}
          before={verdict}
          done={() => {
            changing.value = false;
          }}
        />
      )}
      <Failure />
      <History history={said.history} />
    </section>
  );
}
