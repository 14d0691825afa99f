// The list of phrases as it is asked for.
import { effect, signal } from '@preact/signals';
import { isJudged, type Judged, list, listPath } from '../core/library';
import { asking, service } from '../ui/state';

export const words = signal('');
export const onlyReview = signal<'yes' | 'no'>('no');
// Nothing: not known yet.
export const phrases = signal<Judged[] | undefined>(undefined);
export const older = signal(false);

let pages = 1;
let asked = 0;

// One page after the other, as many as are shown.
async function ask(): Promise<{ found: Judged[]; older: boolean }> {
  const found: Judged[] = [];
  const wanted = { words: words.peek(), review: onlyReview.peek() === 'yes' };
  let after: string | null = null;
  for (let page = 0; page < pages; ++page) {
    const answer: { sessions: { id: string; state: string }[]; next: string | null } = await service.ask(
      listPath({ ...wanted, after }),
      list,
    );
    found.push(...answer.sessions.filter(isJudged));
    after = answer.next;
    if (!after) break;
  }
  return { found, older: after !== null };
}

export async function refresh() {
  const mine = ++asked;
  const answer = await asking(ask);
  if (!answer || mine !== asked) return; // another question was put meanwhile
  phrases.value = answer.found;
  older.value = answer.older;
}

export async function showOlder() {
  ++pages;
  await refresh();
}

// While somebody types, it is asked once they pause.
let timer = 0;
effect(() => {
  void words.value;
  void onlyReview.value;
  clearTimeout(timer);
  if (phrases.peek() === undefined) return;
  timer = window.setTimeout(() => {
    pages = 1;
    void refresh();
  }, 250);
});
