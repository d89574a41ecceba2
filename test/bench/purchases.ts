import { setTimeout as delay } from 'node:timers/promises';
import { DAY } from '../../src/domain/time';
import type { Relay } from '../../src/worker/relay';
import { callsOf, sumOf } from '../support/costs';
import { eventually } from '../support/eventually';
import { type Rig, type Seams, startRig } from '../support/rig';
import { openShop, type Sale, type Shop } from '../support/shop';
import { CARDS } from '../support/stripe-side';
import { startBareRuns } from './bare/runs';
import { bound, compare, type Measured, median, type Round, rounded } from './measured';

const ROUNDS = 5;
/** Purchases of a round, one after the other. */
const TIMES = 10;
/** Purchases of a round, all of them at once. */
const BURST = 200;
/** Memberships that are renewed at once. */
const RENEWED = 100;
/** Longer than any month, so that each step holds a renewal. */
const MONTH = 32 * DAY;
/** What may be asked of Stripe for one. */
const CALLS = { purchase: 3, renewal: 2 };

type BareRuns = Awaited<ReturnType<typeof startBareRuns>>;

/**
 * From what Stripe tells to the access that follows: one purchase at a time, two hundred at once, and a hundred renewals,
 * beside workflows on the same server that do nothing. API, worker, relay and emulator are one process.
 */
export async function purchases(): Promise<Record<string, Measured>> {
  const relay = switchedRelay();
  const rig = await startRig({
    temporal: 'dev',
    relayPollSeconds: 3600,
    checkoutPollSeconds: 3600,
    replays: false,
    seams: relay.seams,
  });
  const bare = await startBareRuns();
  try {
    const shop = await openShop(rig);
    return {
      ...(await oneAtATime(rig, shop, bare)),
      ...(await atOnce(rig, shop, bare, relay)),
      ...(await renewals(rig, await openShop(rig), bare)),
    };
  } finally {
    await bare.stop();
    await rig.close();
  }
}

/** A relay that rests at will: what Stripe has told meanwhile waits in the inbox. */
function switchedRelay() {
  let start: (() => Relay) | null = null;
  let running: Relay | null = null;
  const rest = async () => {
    await running?.stop();
    running = null;
  };
  const seams: Seams = {
    client: (client) => client,
    attempt: (_activity, perform) => perform(),
    request: (_request, _response, serve) => serve(),
    relay(begin) {
      start = begin;
      running = begin();
      return { stop: rest };
    },
  };
  return {
    seams,
    rest,
    /** Has everything that waits brought where it belongs. */
    work() {
      running = start?.() ?? null;
    },
  };
}

type SwitchedRelay = ReturnType<typeof switchedRelay>;

/** From the moment at which Stripe begins to tell of a payment until there is access. */
async function oneAtATime(rig: Rig, shop: Shop, bare: BareRuns): Promise<Record<string, Measured>> {
  const sale = await shop.sell({ interval: null });
  const rounds: Round[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [ours, baseline]: [number[], number[]] = [[], []];
    for (let n = 0; n < TIMES; n++) {
      const { checkoutId } = await paid(rig, shop, sale);
      ours.push(
        await millisecondsOf(async () => {
          await rig.stripeSide.release('fifo');
          while ((await grantsOf(rig, [checkoutId])) === 0) await delay(2);
        }),
      );
      await shop.quiet();
      baseline.push(await millisecondsOf(() => bare.run('doNothing')));
    }
    // The first round warms everything up.
    if (round > 0) rounds.push({ ours: median(ours), baseline: median(baseline) });
  }
  await rig.stripeSide.deliveryRules();
  return {
    'event to access': compare(
      rounds,
      'at most 2 × a workflow that does nothing, milliseconds',
      (ratio) => ratio <= 2,
    ),
  };
}

/** Opens and pays, while Stripe keeps to itself what has happened. */
async function paid(rig: Rig, shop: Shop, sale: Sale) {
  const checkout = await shop.open(sale, await shop.newMember());
  await rig.stripeSide.deliveryRules({ match: { account: shop.accountId }, action: 'hold' });
  const { status } = await rig.stripeSide.payWithCard(checkout.url, CARDS.test.succeeds);
  if (status !== 303) throw new Error(`The payment page answered ${status}`);
  return checkout;
}

/** Two hundred payments that wait in the inbox, until the last of them has its access. */
async function atOnce(
  rig: Rig,
  shop: Shop,
  bare: BareRuns,
  relay: SwitchedRelay,
): Promise<Record<string, Measured>> {
  const sale = await shop.sell({ interval: null });
  const opened: Round[] = [];
  const given: Round[] = [];
  let calls = 0;
  const purchase = async () => {
    await relay.rest();
    const members = await Promise.all(Array.from({ length: BURST }, shop.newMember));
    let checkouts: Awaited<ReturnType<typeof shop.open>>[] = [];
    const opening = await millisecondsOf(async () => {
      checkouts = await Promise.all(members.map((memberId) => shop.open(sale, memberId)));
    });
    for (const { url } of checkouts) await rig.stripeSide.payWithCard(url, CARDS.test.succeeds);
    await rig.stripeSide.drain({ account: shop.accountId });
    const ids = checkouts.map(({ checkoutId }) => checkoutId);
    const giving = await millisecondsOf(async () => {
      relay.work();
      while ((await grantsOf(rig, ids)) < BURST) await delay(10);
    });
    await shop.quiet();
    return { opening: perSecond(BURST, opening), giving: perSecond(BURST, giving) };
  };
  for (let round = 0; round <= ROUNDS; round++) {
    let ours = { opening: 0, giving: 0 };
    const asked = await callsOf(rig, shop.accountId, async () => {
      ours = await purchase();
    });
    const baseline = await bareBurst(bare, BURST);
    if (round === 0) calls = sumOf(asked) / BURST;
    else {
      opened.push({ ours: ours.opening, baseline });
      given.push({ ours: ours.giving, baseline });
    }
  }
  const aim = 'at least 0.6 × workflows of one activity that does nothing, a second';
  return {
    'burst, opened': compare(opened, aim, (ratio) => ratio >= 0.6),
    'burst, given access': compare(given, aim, (ratio) => ratio >= 0.6),
    'calls of a purchase': bound([calls], CALLS.purchase, 'calls to Stripe'),
  };
}

/** A hundred renewals of one moment, from when Stripe begins to tell of them until the last one is known. */
async function renewals(rig: Rig, shop: Shop, bare: BareRuns): Promise<Record<string, Measured>> {
  const { coachId, accountId, mode } = shop;
  const sale = await shop.sell();
  for (let n = 0; n < RENEWED; n++) {
    const { url } = await shop.open(sale, await shop.newMember());
    await rig.stripeSide.payWithCard(url, CARDS.test.succeeds);
  }
  const payments = () => rig.db.payment.count({ where: { coachId, status: 'succeeded' } });
  await eventually('everybody to be a member', async () => (await payments()) === RENEWED);
  await shop.quiet();
  const began = await shop.now();
  const rates: Round[] = [];
  const calls: number[] = [];
  // The relay goes on: one that begins looks for what is overdue, which by then every one of them is.
  await rig.stripeSide.deliveryRules({ match: { account: accountId }, action: 'hold' });
  for (let round = 1; round <= ROUNDS; round++) {
    const advanceTo = began + round * MONTH;
    await rig.clock.moveTo(mode, accountId, advanceTo - Math.floor(Date.now() / 1000));
    await rig.stripeSide.control('POST', '/clock', { account: accountId, livemode: false, advanceTo });
    const due = (await payments()) + RENEWED;
    let took = 0;
    const asked = await callsOf(rig, accountId, async () => {
      took = await millisecondsOf(async () => {
        await rig.stripeSide.release('fifo');
        while ((await payments()) < due) await delay(10);
      });
      await shop.quiet();
    });
    calls.push(sumOf(asked) / RENEWED);
    rates.push({ ours: perSecond(RENEWED, took), baseline: await bareBurst(bare, RENEWED) });
  }
  await rig.stripeSide.deliveryRules();
  return {
    renewals: compare(
      rates,
      'at least 0.6 × workflows of one activity that does nothing, a second',
      (ratio) => ratio >= 0.6,
    ),
    'calls of a renewal': bound(calls, CALLS.renewal, 'calls to Stripe'),
  };
}

/** Runs of one activity that does nothing, all at once: how many a second. */
const bareBurst = async (bare: BareRuns, count: number): Promise<number> =>
  perSecond(
    count,
    await millisecondsOf(() => Promise.all(Array.from({ length: count }, () => bare.run('callNothing')))),
  );

const grantsOf = (rig: Rig, checkouts: readonly string[]): Promise<number> =>
  rig.db.grant.count({ where: { membership: { checkoutId: { in: [...checkouts] } } } });

const perSecond = (count: number, milliseconds: number): number => rounded((count * 1000) / milliseconds);

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
