// What this device remembers.
import { effect, type Signal, signal } from '@preact/signals';
import type { Role } from '../core/devices';

function kept<T extends string>(name: string, initial: T): Signal<T> {
  const value = signal((localStorage.getItem(name) as T | null) ?? initial);
  effect(() => localStorage.setItem(name, value.value));
  return value;
}

export const token = kept<string>('token', '');
// What the token lets one do.
export const role = kept<Role>('role', 'owner');
export const theme = kept<'system' | 'dark' | 'light'>('theme', 'system');
export const flipped = kept<'yes' | 'no'>('flipped', 'no');
export const blind = kept<'yes' | 'no'>('blind', 'no');
// Who judges here, as he or she wants to be called.
export const person = kept<string>('person', '');
export const letterKeys = kept<'yes' | 'no'>('letter-keys', 'yes');
