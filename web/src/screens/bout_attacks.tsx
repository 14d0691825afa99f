// Who came forward first, and what came of it; each phrase's decision is asked for when somebody opens this.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Row, tally } from '../core/bout';
import type { Decision, Side } from '../core/protocol';
import { asking } from '../ui/state';
import { seen, sides } from '../ui/verdict';
import { more } from '../words/more';
import { words } from '../words/words';
import { resultOf } from './phrase_files';

function Column({ side, decisions }: { side: Side; decisions: readonly Decision[] }) {
  const t = words.value;
  const { touches, began, scored } = tally(decisions, side);
  return (
    <tr>
      <th scope="row">{t.side[seen(side)]}</th>
      <td>{more.value.bout.touches(touches)}</td>
      <td>{more.value.bout.began(began, scored)}</td>
    </tr>
  );
}

export function Attacks({ rows }: { rows: readonly Row[] }) {
  const t = more.value.bout;
  const decisions = useSignal<readonly Decision[]>([]);
  const begun = useSignal(false);
  const left = useRef(false);
  useEffect(
    () => () => {
      left.current = true;
    },
    [],
  );
  const load = async () => {
    begun.value = true;
    for (const { place } of rows) {
      if (left.current) return;
      const found = await asking(() => resultOf(place));
      if (found && typeof found !== 'string') decisions.value = [...decisions.value, found.decision];
    }
  };
  return (
    <details onToggle={() => !begun.value && void load()}>
      <summary>{t.attacks}</summary>
      <table class="counts-table number">
        <caption class="quiet">{t.counted(decisions.value.length, rows.length)}</caption>
        <tbody>
          {sides().map((side) => (
            <Column key={side} side={side} decisions={decisions.value} />
          ))}
        </tbody>
      </table>
      <p class="quiet small">{t.attacksHint}</p>
    </details>
  );
}
