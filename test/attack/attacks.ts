import type { AttackOptions, Outcome } from './attack';
import { attackFlows } from './flows';
import { attackByDocument } from './fuzz/fuzz';
import { attackMembers } from './members';
import { attackRedirects } from './redirects';
import { attackRequests } from './requests';
import { attackScripts } from './scripts';
import { attackSignatures } from './signatures/signatures';
import { type Stack, webhooksOf } from './stack';
import { attackTenants } from './tenant/tenant';

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
  {
    name: 'tenant',
    words: 'every route with wrong credentials, and with ids of another coach',
    forbidden: ['allowed'],
    run: attackTenants,
  },
  {
    name: 'redirects',
    words: 'addresses of other places wherever a browser is sent on',
    forbidden: ['accepted'],
    run: attackRedirects,
  },
  {
    name: 'flows',
    words: 'connecting and signing in, two coaches and two browsers, in any order',
    forbidden: ['hijacked'],
    run: attackFlows,
  },
  {
    name: 'requests',
    words: 'oversized, nested, compressed, ambiguous and unfinished requests',
    forbidden: ['accepted'],
    run: attackRequests,
  },
  {
    name: 'members',
    words: 'tokens that say who is buying, of somebody who may not say it',
    forbidden: ['accepted'],
    run: attackMembers,
  },
  {
    name: 'scripts',
    words: 'markup in names, on every page of ours that shows one',
    forbidden: ['executed'],
    run: attackScripts,
  },
  {
    name: 'fuzz',
    words: 'what the document allows, what it does not, and sequences of both',
    forbidden: ['serverErrors', 'schemaViolations'],
    run: attackByDocument,
  },
];
