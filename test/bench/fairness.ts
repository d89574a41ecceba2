import type { Prisma } from '../../src/db/generated/client';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';
import { openShop, type Shop } from '../support/shop';
import { besideFlood } from './flood';
import { type Measured, median, rounded } from './measured';

/** As in the finding: so many events of a coach's own business, on an account that answers so slowly. */
const SLOW_EVENTS = 60;
const SLOWNESS_MS = 1000;
const ROUNDS = 5;
/** Seconds for another coach's event, with all of the slow ones in front of it. */
const AIM = 2;

/** How long one coach's event takes to its effect while another coach's account is slow or floods, and while nobody's is. */
export async function fairness(): Promise<Record<string, Measured>> {
  return { ...(await besideSlowAccount()), ...(await besideFlood()) };
}

async function besideSlowAccount(): Promise<Record<string, Measured>> {
  const rig = await startRig({ temporal: 'dev', relayPollSeconds: 3600 });
  try {
    const other = await openShop(rig);
    const bought = await other.buy(await other.sell(), await other.newMember());
    return await besideSlow(rig, await openShop(rig), other, bought);
  } finally {
    await rig.close();
  }
}

interface Bought {
  subscriptionId: string;
  membershipId: string;
}

async function besideSlow(
  rig: Rig,
  slow: Shop,
  other: Shop,
  bought: Bought,
): Promise<Record<string, Measured>> {
  const behind: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await secondsOfAnEvent(other, bought));
    await askSlowly(rig, slow, round);
    behind.push(await secondsOfAnEvent(other, bought));
    await rig.db.inbox.deleteMany({ where: { accountId: slow.accountId } });
    await rig.stripeSide.faults();
  }
  const [ours, baseline] = [Math.max(...behind), Math.max(...alone)];
  return {
    'fairness: behind a slow account': {
      ours,
      baseline,
      ratio: rounded(ours / baseline),
      aim: `another coach's event within ${AIM} s, ${SLOW_EVENTS} slow ones in front of it`,
      met: ours <= AIM,
      more: { median: median(behind), medianAlone: median(alone) },
    },
  };
}

/** Until the first of them is asked about at Stripe: the others are in front of whatever comes now. */
async function askSlowly(rig: Rig, { mode, accountId }: Shop, number: number): Promise<void> {
  await rig.stripeSide.faults({
    match: { account: accountId },
    fault: { kind: 'hang', hangMs: SLOWNESS_MS, when: 'before' },
  });
  const foreign = (n: number): Prisma.InputJsonObject => ({
    data: { object: { object: 'charge', id: `ch_${number}_${n}`, payment_intent: `pi_${number}_${n}` } },
  });
  await rig.db.inbox.createMany({
    data: Array.from({ length: SLOW_EVENTS }, (_, n) => ({
      mode,
      eventId: `evt_slow_${number}_${n}`,
      accountId,
      type: 'charge.refunded',
      payload: foreign(n),
    })),
  });
  await eventually('the slow account to be asked about', async () =>
    (await rig.stripeSide.requests(20)).some((request) => request.account === accountId),
  );
}

/** From the change at Stripe to its effect here: delivery, resolution, run and look. */
async function secondsOfAnEvent(shop: Shop, { subscriptionId, membershipId }: Bought): Promise<number> {
  const { revision } = await shop.membership(membershipId);
  const start = performance.now();
  await shop.stripe.subscriptions.update(
    subscriptionId,
    { metadata: { revision: String(revision) } },
    shop.asAccount,
  );
  await eventually('its effect', async () => (await shop.membership(membershipId)).revision > revision);
  const seconds = (performance.now() - start) / 1000;
  await shop.quiet();
  return rounded(seconds);
}
