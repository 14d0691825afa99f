// A list as a file, for a spreadsheet or a program.
import { useSignal } from '@preact/signals';
import { csv, type Row } from '../core/table';
import { Icon } from '../ui/icons';
import { saveBlob } from '../ui/save';
import { written } from '../words/language';
import { words } from '../words/words';

type Fate = 'asking' | 'failed' | undefined;

// rows: nothing where they cannot be had.
export function SaveRows({ name, rows }: { name: string; rows(): Promise<readonly Row[] | undefined> }) {
  const t = words.value.save;
  const fate = useSignal<Fate>(undefined);
  const save = async (end: string, type: string, print: (rows: readonly Row[]) => string) => {
    fate.value = 'asking';
    const all = await rows();
    fate.value = all ? undefined : 'failed';
    if (all) saveBlob(new Blob([print(all)], { type }), `${name}.${end}`);
  };
  const table = () => save('csv', 'text/csv', (all) => csv(all, written(0.5, 1).includes(',')));
  const json = () => save('json', 'application/json', (all) => `${JSON.stringify(all, undefined, 1)}\n`);
  return (
    <details class="save-rows">
      <summary>
        <Icon name="download" /> {t.title}
      </summary>
      <div class="pair">
        <button type="button" disabled={fate.value === 'asking'} onClick={table}>
          {t.table}
        </button>
        <button type="button" disabled={fate.value === 'asking'} onClick={json}>
          {t.json}
        </button>
      </div>
      <p role="status">{fate.value === 'failed' && t.failed}</p>
    </details>
  );
}
