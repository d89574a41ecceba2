import type { Mode } from '../../domain/mode';
import { newToken } from '../../domain/ids';

/** A new API key: the mode in its prefix, 256 random bits. Shown once, stored as a hash. */
export function newApiKey(mode: Mode): string {
  return `ses_${mode}_${newToken()}`;
}

/** The mode that a key's prefix names; null when it is no key of a coach at all. */
export function modeOfKey(key: string): Mode | null {
  const mode = /^ses_(test|live)_[A-Za-z0-9_-]{43}$/.exec(key)?.[1];
  return mode === 'test' || mode === 'live' ? mode : null;
}
