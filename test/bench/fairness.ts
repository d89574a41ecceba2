import type { Prisma } from '../../src/db/generated/client';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';
import { openShop, type Shop } from '../support/shop';
import { type Measured, median, ratioOf, type Round, rounded } from './measured';

/** As in the finding: so many events of a coach's own business, on an account that answers so slowly. */
const SLOW_EVENTS = 60;
const SLOWNESS_MS = 1000;
const ROUNDS = 5;
/** Seconds for another coach's event, with all of the slow ones in front of it. */
const AIM = 2;

/** Memberships of the coach who floods, events of each that come at once, and events of the other coach meanwhile. */
const FLOODED = 50;
const EACH = 20;
const MEANWHILE = 10;
/** How much longer the other's may take. */
const MOST = 2;

/** How long one coach's event takes to its effect while another coach's account is slow or floods, and while nobody's is. */
export async function fairness(): Promise<Record<string, Measured>> {
  const rig = await startRig({ temporal: 'dev', relayPollSeconds: 3600 });
  try {
    const other = await openShop(rig);
    const bought = await other.buy(await other.sell(), await other.newMember());
    return {
      ...(await besideSlow(rig, await openShop(rig), other, bought)),
      ...(await besideFlood(rig, await openShop(rig), other, bought)),
    };
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

async function besideFlood(
  rig: Rig,
  flooding: Shop,
  other: Shop,
  bought: Bought,
): Promise<Record<string, Measured>> {
  const sale = await flooding.sell();
  const subscriptions: string[] = [];
  for (let n = 0; n < FLOODED; n++)
    subscriptions.push((await flooding.buy(sale, await flooding.newMember())).subscriptionId);
  const rounds: Round[] = [];
  const [all, alone]: [number[], number[]] = [[], []];
  let left = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const [behind, quiet]: [number[], number[]] = [[], []];
    for (let n = 0; n < MEANWHILE; n++) quiet.push(await secondsOfAnEvent(other, bought));
    await flood(rig, flooding, subscriptions, round);
    for (let n = 0; n < MEANWHILE; n++) behind.push(await secondsOfAnEvent(other, bought));
    // So many still wait when the last of the other's has its effect; none: the flood was over by then.
    left = Math.min(left, await waitingOf(rig, flooding));
    await eventually('the end of the flood', async () => (await waitingOf(rig, flooding)) === 0);
    await flooding.quiet();
    rounds.push({ ours: median(behind), baseline: median(quiet) });
    all.push(...behind);
    alone.push(...quiet);
  }
  const [ours, baseline] = [Math.max(...all), Math.max(...alone)];
  const ratio = rounded(ours / baseline);
  return {
    'fairness: p99 beside a flood': {
      ours,
      baseline,
      ratio,
      aim: `at most ${MOST} × that of nobody's flood: ${FLOODED * EACH} events of another coach at once`,
      met: ratio <= MOST,
      more: { medianRatio: ratioOf(rounds), stillWaiting: left },
    },
  };
}

const waitingOf = ({ db }: Rig, { accountId }: Shop) =>
  db.inbox.count({ where: { accountId, status: 'waiting' } });

/** Events about what a coach has sold, each of which wakes a run. */
async function flood(
  rig: Rig,
  { mode, accountId }: Shop,
  subscriptions: readonly string[],
  round: number,
): Promise<void> {
  await rig.db.inbox.createMany({
    data: subscriptions.flatMap((id) =>
      Array.from({ length: EACH }, (_, n) => ({
        mode,
        accountId,
        eventId: `evt_flood_${round}_${n}_${id}`,
        type: 'customer.subscription.updated',
        payload: { data: { object: { object: 'subscription', id, metadata: {} } } },
      })),
    ),
  });
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
