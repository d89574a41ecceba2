import { z } from 'zod';
import type { Mode } from '../domain/mode';
import { STRIPE_LIMITS } from '../domain/stripe-allowance';

/** Calls a second on one account, by mode. */
export type StripeLimits = Readonly<Record<Mode, number>>;

const ENTRY = /^(test|live)=([1-9]\d{0,5})$/;

/**
 * `STRIPE_RATE_LIMITS`: `off`, or those that differ from what Stripe gives everybody, as `test=25,live=100`: Stripe raises them
 * on request. Null: no call waits for its turn.
 */
export const stripeLimits = z.string().transform((text, context): StripeLimits | null => {
  if (text.trim() === 'off') return null;
  const limits = { ...STRIPE_LIMITS };
  for (const entry of text.split(',').map((one) => one.trim())) {
    if (entry === '') continue;
    const [, mode, count] = ENTRY.exec(entry) ?? [];
    if (mode === undefined) {
      context.addIssue(`has "${entry}", which is not "off" and not test=… or live=… calls a second`);
      return z.NEVER;
    }
    limits[mode as Mode] = Number(count);
  }
  return limits;
});
