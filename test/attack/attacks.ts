import type { AttackOptions, Outcome } from './attack';
import { attackSignatures } from './signatures/signatures';
import { type Stack, webhooksOf } from './stack';

/** One kind of attack, as `npm run attack` knows it. */
export interface Attack {
  name: string;
  words: string;
  /** The figures that have to be 0. */
  forbidden: readonly string[];
  run(stack: Stack, options: AttackOptions): Promise<Outcome>;
}

export const ATTACKS: readonly Attack[] = [
  {
    name: 'signatures',
    words: 'deliveries to the webhook endpoint that Stripe did not sign',
    forbidden: ['accepted'],
    run: (stack, options) => attackSignatures(webhooksOf(stack), options),
  },
];
