import { startRig } from '../support/rig';
import { openSeller } from '../support/seller';
import { CARDS } from '../support/stripe-side';
import { eventually } from '../support/eventually';
import { compare, median, type Measured, type Round, rounded } from './measured';

const ROUNDS = 5;
/** Purchases of a round, one after the other. */
const TIMES = 10;
/** Milliseconds that opening a checkout may take longer than Stripe's own answer. */
const MOST = 25;

/**
 * What opening a checkout takes beside Stripe's call alone, and how long it is from the payment to the access; everything
 * in one process, one purchase at a time.
 */
export async function checkouts(): Promise<Record<string, Measured>> {
  const rig = await startRig({ temporal: 'dev', relayPollSeconds: 3600, checkoutPollSeconds: 3600 });
  try {
    const seller = await openSeller(rig);
    const price = await seller.offer({ unitAmount: 4900 });
    const direct = () =>
      seller.stripe.checkout.sessions.create(
        {
          mode: 'payment',
          success_url: 'http://localhost/thanks',
          line_items: [
            { price_data: { currency: 'usd', unit_amount: 4900, product_data: { name: 'x' } }, quantity: 1 },
          ],
        },
        seller.asAccount,
      );
    const hasAccess = async (checkoutId: string) =>
      (await rig.db.grant.count({ where: { membership: { checkoutId } } })) > 0;
    const rounds: Round[] = [];
    const access: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const [ours, baseline]: [number[], number[]] = [[], []];
      for (let n = 0; n < TIMES; n++) {
        const opened = await timed(ours, () => seller.openFor(price, `member-${round}-${n}`));
        await timed(baseline, direct);
        const paid = performance.now();
        await rig.stripeSide.payWithCard(opened.body.url, CARDS.test.succeeds);
        await eventually('access', () => hasAccess(opened.body.id));
        access.push(performance.now() - paid);
      }
      // The first round warms everything up.
      if (round > 0) rounds.push({ ours: median(ours), baseline: median(baseline) });
    }
    const more = rounds.map(({ ours, baseline }) => ours - baseline);
    return {
      'POST /v1/checkouts': {
        ...compare(rounds, `at most ${MOST} ms more than Stripe's call`, () => median(more) <= MOST),
        more: { added: rounded(median(more)), paymentToAccess: rounded(median(access)) },
      },
    };
  } finally {
    await rig.close();
  }
}

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const before = performance.now();
  const result = await work();
  times.push(performance.now() - before);
  return result;
}
