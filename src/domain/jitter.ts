import { createHash } from 'node:crypto';

/** A number from 0 up to 1 that is always the same for a seed. */
export function fraction(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) / 2 ** 32;
}
