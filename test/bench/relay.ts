import type { Prisma } from '../../src/db/generated/client';
import { newId } from '../../src/domain/ids';
import type { Target } from '../../src/messages/messages';
import type { WorkflowClient } from '../../src/temporal/workflow-client';
import { startRelay } from '../../src/worker/relay';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';
import { openShop, type Shop } from '../support/shop';
import type { Measured } from './measured';

const ROUNDS = 5;
/** Events of one round, and what is aimed at, a second. */
const UNNEEDED = { events: 5000, aim: 1000 };
const WAKING = { events: 500, aim: 150 };

/**
 * How many events a second one relay brings to where they belong: those that nobody here needs, and those that each wake
 * the run of another membership. The runs have no worker, so nothing but the relay, Postgres and Temporal is at work; each
 * counts as looked at once it is woken.
 */
export async function relay(): Promise<Record<string, Measured>> {
  const rig = await startRig({ temporal: 'dev', worker: false });
  try {
    const shop = await openShop(rig);
    const memberships = await watchedMemberships(rig, shop);
    const unneeded: number[] = [];
    const waking: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      unneeded.push(await perSecond(rig, shop, foreignEvents(shop, round)));
      // In the first round the runs are started; what counts is how they are woken.
      const rate = await perSecond(rig, shop, wakingEvents(shop, memberships, round));
      if (round > 0) waking.push(rate);
    }
    return {
      'relay, not needed': told(unneeded, UNNEEDED.aim, 'events a second that nobody here needs'),
      'relay, waking': told(waking, WAKING.aim, 'events a second that each wake a run'),
    };
  } finally {
    await rig.close();
  }
}

function told(rates: readonly number[], aim: number, what: string): Measured {
  const sorted = [...rates].sort((one, other) => one - other);
  const ours = Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
  return {
    ours,
    baseline: aim,
    ratio: Number((ours / aim).toPrecision(3)),
    aim: `at least ${aim} ${what}`,
    met: ours >= aim,
    more: { lowest: Math.round(sorted[0] ?? 0), highest: Math.round(sorted.at(-1) ?? 0) },
  };
}

/** From the moment at which all of them wait until the last was brought where it belongs. */
async function perSecond(
  rig: Rig,
  { accountId }: Shop,
  rows: Prisma.InboxCreateManyInput[],
): Promise<number> {
  await rig.db.inbox.createMany({ data: rows });
  let woken = 0;
  const lookAt = async ({ kind, id }: Target) => {
    woken += 1;
    await rig.db.inbox.updateMany({ where: { targetKind: kind, targetId: id }, data: { status: 'done' } });
  };
  const signalEvent: WorkflowClient['signalEvent'] = async (target, ...args) => {
    const isRunning = await rig.workflows.signalEvent(target, ...args);
    if (isRunning) await lookAt(target);
    return isRunning;
  };
  const startMissing: WorkflowClient['startMissing'] = async (target, ...args) => {
    const started = await rig.workflows.startMissing(target, ...args);
    await lookAt(target);
    return started;
  };
  const before = performance.now();
  const running = startRelay({
    db: rig.db,
    stripe: (mode) => rig.stripe.of(mode),
    workflows: { ...rig.workflows, signalEvent, startMissing },
    log: rig.log,
    databaseUrl: rig.config.databaseUrl,
    pollSeconds: 3600,
  });
  await eventually('the last event', async () => {
    const left = await rig.db.inbox.count({ where: { accountId, status: 'waiting', targetId: null } });
    return left === 0 && woken >= rows.filter(({ note }) => note === WAKES).length;
  });
  const seconds = (performance.now() - before) / 1000;
  await running.stop();
  await rig.db.inbox.deleteMany({ where: { accountId } });
  return rows.length / seconds;
}

/** Half of them of a type that nobody listens to, half about the coach's other business. */
function foreignEvents({ mode, accountId }: Shop, round: number): Prisma.InboxCreateManyInput[] {
  return Array.from({ length: UNNEEDED.events }, (_, n) => ({
    mode,
    accountId,
    eventId: `evt_foreign_${round}_${n}`,
    type: n % 2 === 0 ? 'payment_intent.created' : 'customer.subscription.updated',
    payload: { data: { object: { object: 'subscription', id: `sub_foreign_${n}`, metadata: {} } } },
  }));
}

/** A mark on the rows that wake a run; the relay takes it off. */
const WAKES = 'wakes';

function wakingEvents(
  { mode, accountId }: Shop,
  subscriptions: readonly string[],
  round: number,
): Prisma.InboxCreateManyInput[] {
  return subscriptions.map((id) => ({
    mode,
    accountId,
    eventId: `evt_${round}_${id}`,
    type: 'customer.subscription.deleted',
    note: WAKES,
    payload: { data: { object: { object: 'subscription', id, metadata: {} } } },
  }));
}

/** Memberships that a run has to watch, as purchases leave them. Answers their subscriptions. */
async function watchedMemberships(rig: Rig, shop: Shop): Promise<string[]> {
  const sale = await shop.sell();
  const { coachId, mode, accountId } = shop;
  const subscriptions: string[] = [];
  for (let n = 0; n < WAKING.events; n++) {
    const memberId = await shop.newMember();
    const { id: checkoutId } = await shop.insertCheckout(sale, memberId);
    const id = newId('membership');
    await rig.db.membership.create({
      data: {
        ...{ id, coachId, mode, accountId, memberId, checkoutId },
        ...{ productId: sale.productId, priceId: sale.priceId, kind: 'subscription', status: 'active' },
        stripeSubscriptionId: `sub_${id}`,
        startedAt: new Date(),
        nextDeadlineAt: new Date(Date.now() + 30 * 86_400_000),
        reason: 'paid',
        verifiedAt: new Date(),
      },
    });
    // Its checkout is over, so that no sweep finds it.
    await rig.db.checkout.update({
      where: { id: checkoutId },
      data: { status: 'completed', endedAt: new Date() },
    });
    subscriptions.push(`sub_${id}`);
  }
  return subscriptions;
}
