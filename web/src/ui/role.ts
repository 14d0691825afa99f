// What this device may do: its token has a role.
import { me, type Role } from '../core/devices';
import { role } from './settings';
import { asking, service } from './state';

// As it was last known, until the service says it.
export async function askRole() {
  if (service.signature()) return; // a link has none
  const answer = await asking(() => service.ask('me', me));
  if (answer) role.value = answer.role;
}

const may = {
  film: ['camera', 'owner'],
  read: ['viewer', 'referee', 'owner'],
  judge: ['referee', 'owner'],
  own: ['owner'],
} as const satisfies Record<string, readonly Role[]>;

// A link lets read, and nothing else.
export function mayI(what: keyof typeof may): boolean {
  if (service.signature()) return what === 'read';
  return (may[what] as readonly Role[]).includes(role.value);
}
