// The page's one service, and whether it lets us in.
import { signal } from '@preact/signals';
import { Service, ServiceError } from '../core/service';
import { route } from './route';
import { token } from './settings';

export const service = new Service(
  new URL('.', location.href),
  () => token.value,
  () => route.value.query.get('sig') ?? '',
);

export type Access = 'open' | 'token-needed' | 'token-wrong';
export const access = signal<Access>('open');
export const online = signal(true);

// Runs ask and keeps in mind what its failure says; nothing when it failed.
export async function asking<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    const answer = await ask();
    online.value = true;
    return answer;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    online.value = error.status !== 0;
    if (error.status === 401) access.value = token.value ? 'token-wrong' : 'token-needed';
    return undefined;
  }
}
