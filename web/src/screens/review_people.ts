// What people said of the phrase that is looked at, and whether its verdict may be seen yet.
import { signal } from '@preact/signals';
import { type People, type Place, people, phrasePath, type Said } from '../core/library';
import { parsed } from '../core/protocol';
import { ServiceError } from '../core/service';
import { blind } from '../ui/settings';
import { asking, service } from '../ui/state';

export interface Words {
  winner: Said;
  reasons: string[];
  note: string;
  by: string;
}
export type Fate = 'kept' | 'changed' | 'failed';

export const said = signal<People | undefined>(undefined);
// Of what was to be kept last.
export const fate = signal<Fate | undefined>(undefined);
export const revealed = signal('');
let etag = '';
// Phrases whose verdict this page has shown: who judges them now has not judged blind.
const shown = new Set<string>();

async function take(answer: Response) {
  etag = answer.headers.get('ETag') ?? '';
  said.value = parsed(people, await answer.json());
}

async function read(id: string) {
  await asking(async () => take(await service.fetch(phrasePath({ id }, 'human_verdict'))));
}

// Of a bout's phrases nobody can say anything yet.
export async function load({ id, part }: Place) {
  said.value = undefined;
  fate.value = undefined;
  if (!part) await read(id);
}

export function isHidden(id: string): boolean {
  return blind.value === 'yes' && said.value !== undefined && !said.value.human_verdict && revealed.value !== id;
}

export function sawVerdict(id: string) {
  shown.add(id);
}

// Only over what was read last: two people do not undo each other. What is new since may be a name alone: then once more.
async function change(id: string, init: RequestInit, again = true): Promise<Fate> {
  const headers = { 'If-Match': etag, 'Content-Type': 'application/json' };
  try {
    await take(await service.fetch(phrasePath({ id }, 'human_verdict'), { ...init, headers }));
    return 'kept';
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.status !== 412) return 'failed';
    const before = JSON.stringify(said.value);
    await read(id);
    return again && JSON.stringify(said.value) === before ? change(id, init, false) : 'changed';
  }
}

export async function keep(id: string, what: Words) {
  const body = JSON.stringify({ ...what, blind: isHidden(id) && !shown.has(id) });
  fate.value = await change(id, { method: 'PUT', body });
}

export async function takeBack(id: string) {
  fate.value = await change(id, { method: 'DELETE' });
}
