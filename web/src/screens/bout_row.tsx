// A phrase of a bout in a list: the score after it, when it was, its lamps and its verdict.
import { ofReport, type Row, report, type Bout as Whole } from '../core/bout';
import { phrasePath } from '../core/library';
import { ServiceError } from '../core/service';
import { when } from '../ui/phrase_row';
import { service } from '../ui/state';
import { Thumbnail } from '../ui/thumbnail';
import { Chip, seen, sides } from '../ui/verdict';
import { more } from '../words/more';
import { words } from '../words/words';

// A bout that the service has cut out of one film.
export async function ofSession(id: string): Promise<Whole | 'running' | 'gone'> {
  try {
    const answer = await service.fetch(phrasePath({ id }, 'result'));
    return answer.status === 202 ? 'running' : ofReport(id, await service.understood(answer, report));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status < 400 || error.status === 401) throw error;
    return error.status === 409 ? 'running' : 'gone';
  }
}

export function clock(seconds: number): string {
  const tenths = Math.round(Math.abs(seconds) * 10);
  const minutes = Math.floor(tenths / 600);
  return `${seconds < 0 ? '−' : ''}${minutes}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}

// href: where it leads.
export function BoutRow({ row, href }: { row: Row; href: string }) {
  const t = words.value;
  const [first, second] = sides();
  const at = 'seconds' in row.at ? clock(row.at.seconds) : when(row.at.moment);
  const hits = row.hits.map(
    ({ side, valid }) => `${t.letter[seen(side)]}${valid ? '' : ` (${more.value.review.offTarget})`}`,
  );
  return (
    <li>
      <a class="row" href={href}>
        {!service.signature() && <Thumbnail of={row.place} />}
        <span class="row-text">
          <b class="number">
            {row.number}. {row.score[first]} : {row.score[second]}
          </b>
          <small class="cut quiet number">
            {at}
            {hits.length > 0 && ` · ${more.value.bout.lamps} ${hits.join(', ')}`}
          </small>
        </span>
        <Chip winner={row.winner} confidence={row.confidence} review={row.review} />
      </a>
    </li>
  );
}
