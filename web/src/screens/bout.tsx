// A bout: the score, its phrases one by one, who came forward with what success; a link for others.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { asRows, ofPhrases, type Bout as Whole } from '../core/bout';
import { isJudged, read } from '../core/library';
import { Icon } from '../ui/icons';
import { mayI } from '../ui/role';
import { boutHref, phraseHref, route } from '../ui/route';
import { asking, service } from '../ui/state';
import { askBusy } from '../ui/thumbnail';
import { seen, sides } from '../ui/verdict';
import { more } from '../words/more';
import { words } from '../words/words';
import { Attacks } from './bout_attacks';
import { BoutRow, clock, ofSession } from './bout_row';
import { BoutRunning } from './bout_running';
import { SaveRows } from './save_rows';
import { Share } from './share';

const shown = signal<Whole | 'loading' | 'running' | 'gone'>('loading');
const again = 5; // s, until a bout that goes on is asked for once more

async function named(name: string): Promise<Whole | 'gone'> {
  const { found } = await read(service, { bout: name, limit: 500 }, 1);
  return found.length ? ofPhrases(found.filter(isJudged)) : 'gone';
}

// Until it is there. Returns what stops it.
function open(id: string, name: string): () => void {
  let over = false;
  let timer = 0;
  const load = async () => {
    const found = await asking<Whole | 'running' | 'gone'>(() => (id ? ofSession(id) : named(name)));
    if (over) return;
    shown.value = found ?? 'loading'; // the service is away
    if (!service.signature()) void askBusy();
    if (found === undefined || found === 'running') timer = window.setTimeout(load, again * 1000);
  };
  shown.value = 'loading';
  void load();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

function Score({ bout }: { bout: Whole }) {
  const t = words.value;
  return (
    <p class="score number">
      {sides().map((side) => (
        <span key={side} class={`of-${side}`}>
          <small class="cut">{bout.names[side] || t.side[seen(side)]}</small> <b>{bout.score[side]}</b>
        </span>
      ))}
    </p>
  );
}

function LeftOut({ bout }: { bout: Whole }) {
  if (!bout.leftOut.length) return null;
  return (
    <details>
      <summary>{more.value.bout.leftOut(bout.leftOut.length)}</summary>
      <ul class="history">
        {bout.leftOut.map(({ time, why }) => (
          <li key={time}>
            <span class="number">{clock(time)}</span> <span lang="en">{why}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Found({ bout, id, name }: { bout: Whole; id: string; name: string }) {
  const t = more.value.bout;
  const sig = service.signature();
  const toReview = bout.rows.filter(({ review }) => review).length;
  return (
    <>
      <Score bout={bout} />
      <p class="quiet">{t.count(bout.rows.length, toReview)}</p>
      <ul class="rows">
        {bout.rows.map((row) => (
          <BoutRow
            key={row.number}
            row={row}
            href={sig ? `${phraseHref(row.place)}?${new URLSearchParams({ sig })}` : phraseHref(row.place)}
          />
        ))}
      </ul>
      <Attacks key={id} rows={bout.rows} />
      <LeftOut bout={bout} />
      <SaveRows name={name} rows={async () => asRows(bout)} />
      {id && mayI('own') && <Share id={id} page={() => boutHref(id)} />}
    </>
  );
}

export function Bout() {
  const t = more.value;
  const { id, query } = route.value;
  const name = query.get('name') ?? '';
  useEffect(() => open(id, name), [id, name]);
  const bout = shown.value;
  return (
    <main id="content" tabIndex={-1} class="narrow">
      {!service.signature() && (
        <a class="button" href="#/piste">
          <Icon name="back" /> {t.review.back}
        </a>
      )}
      <h1 class="cut">{id || name}</h1>
      {bout === 'running' && <BoutRunning key={id} id={id} />}
      {typeof bout === 'string' ? (
        bout !== 'running' && <p role="status">{bout === 'gone' && t.bout.gone}</p>
      ) : (
        <Found bout={bout} id={id} name={id || name} />
      )}
    </main>
  );
}
