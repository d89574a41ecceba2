import { type Rig, type Seams, startRig } from '../support/rig';
import type { WebhookTarget } from './signatures/signatures';

/** The whole product, as the tests have it, with a secret for each scope and mode. */
export type Stack = Rig;

/** Seconds after which a run looks by itself: what happens in the meantime is the attack's doing. */
const UNTIL_ASKED = 3600;

const AS_IT_IS: Omit<Seams, 'request'> = {
  client: (client) => client,
  attempt: (_activity, perform) => perform(),
  relay: (start) => start(),
};

/** @param request Stands between the network and the API, for a product with a hole. */
export const startStack = (request?: Seams['request']): Promise<Stack> =>
  startRig({
    temporal: 'dev',
    checkoutPollSeconds: UNTIL_ASKED,
    replays: false,
    ...(request === undefined ? {} : { seams: { ...AS_IT_IS, request } }),
    variables: {
      STRIPE_TEST_PLATFORM_WEBHOOK_SECRET: 'whsec_of_the_platform_in_test_mode',
      STRIPE_LIVE_PLATFORM_WEBHOOK_SECRET: 'whsec_of_the_platform_in_live_mode',
    },
  });

/** The webhook endpoint of a stack; what it has taken is what is in the inbox. */
export const webhooksOf = ({ api, config, db }: Stack): WebhookTarget => ({
  url: api,
  secrets: config.stripe.webhookSecrets,
  // Rows are deleted where they are nobody's; the numbers that they had are not used again.
  async taken() {
    const [row] = await db.$queryRaw<{ last: bigint }[]>`SELECT coalesce(max(id), 0) AS last FROM inbox`;
    return Number(row?.last ?? 0);
  },
});
