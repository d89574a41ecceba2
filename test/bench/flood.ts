import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { Business } from '../../src/demo/business';
import { createCoach, createWorld, type World } from '../../src/demo/world';
import { ChaosStack } from '../chaos/chaos-stack';
import { EmulatorSide } from '../chaos/emulator';
import { type Measured, median, quantile, ratioOf, type Round, rounded } from './measured';

/** Memberships of the coach who floods, and events of each that come at once, whenever fewer than half of them still wait. */
const FLOODED = 50;
const EACH = 20;
const ROUNDS = 5;
/** Events of the other coach in a round, without a flood and in it. */
const TIMES = 20;
/** How much longer the other's may take. */
const MOST = 2;
/** Milliseconds between two looks at how many still wait. */
const TOP_UP_EVERY_MS = 100;

interface Coach {
  business: Business;
  accountId: string;
  /** Each with Stripe's id of its subscription. */
  memberships: { id: string; subscriptionId: string }[];
}

/**
 * One coach's events come by the thousand, for as long as another's are measured, on a whole stack: API, worker, Postgres,
 * Temporal and emulator are processes of their own, and calls to Stripe keep its limits as they do on the real one.
 */
export async function besideFlood(): Promise<Record<string, Measured>> {
  const stack = await ChaosStack.start([], {
    // So wide that they are counted and never met.
    RATE_LIMITS: 'key=100000000/60,coach=100000000/60',
    STRIPE_RATE_LIMITS: 'test=25,live=100',
  });
  const info = stack.info();
  const sql = new Client({ connectionString: info.databaseUrl });
  try {
    await sql.connect();
    const world = createWorld(info, info.stripeEmulator ?? '');
    const flooding = await openCoach(sql, world, 'Flood', FLOODED);
    const other = await openCoach(sql, world, 'Other', 1);
    return { 'fairness: p99 beside a flood': await measure(sql, world, flooding, other) };
  } finally {
    await sql.end();
    await stack.stop();
  }
}

/** A coach who is connected in live mode, with members who have bought. */
async function openCoach(sql: Client, world: World, name: string, members: number): Promise<Coach> {
  const business = new Business(world, await createCoach(world, name), 'live');
  await business.session.patch('/v1/settings', { body: { origins: [business.site] } });
  await business.connect();
  const offer = await business.offer('Morning yoga', 4900, 'month');
  for (let n = 0; n < members; n++) await business.sell(`${name.toLowerCase()}-${n}`, offer, 'succeeds');
  const { rows } = await sql.query<Coach['memberships'][number]>(
    'SELECT id, stripe_subscription_id AS "subscriptionId" FROM membership WHERE coach_id = $1',
    [business.coach.id],
  );
  return { business, accountId: await business.accountId(), memberships: rows };
}

async function measure(sql: Client, world: World, flooding: Coach, other: Coach): Promise<Measured> {
  const rounds: Round[] = [];
  const [all, alone]: [number[], number[]] = [[], []];
  let left = Infinity;
  for (let round = 0; round <= ROUNDS; round++) {
    await noneWaiting(sql, flooding);
    const quiet = await secondsOfEvents(sql, world, other);
    const flood = startFlood(sql, flooding, round);
    const behind = await secondsOfEvents(sql, world, other);
    // So many waited in the moment with the fewest.
    left = Math.min(left, await flood.stop());
    // The first round warms everything up.
    if (round === 0) continue;
    rounds.push({ ours: median(behind), baseline: median(quiet) });
    all.push(...behind);
    alone.push(...quiet);
  }
  const [ours, baseline] = [quantile(all, 0.99), quantile(alone, 0.99)];
  const ratio = rounded(ours / baseline);
  return {
    ours,
    baseline,
    ratio,
    aim: `at most ${MOST} × that without a flood, seconds: ${FLOODED * EACH} events of another coach at once, again and again`,
    met: ratio <= MOST,
    more: { medianRatio: ratioOf(rounds), fewestWaiting: left },
  };
}

/** Events about what the coach has sold, each of which wakes a run, until it is stopped. */
function startFlood(sql: Client, { accountId, memberships }: Coach, round: number) {
  const over = new AbortController();
  let fewest = Infinity;
  const run = async () => {
    for (let batch = 0; !over.signal.aborted; batch++) {
      const waiting = batch === 0 ? 0 : await waitingOf(sql, accountId);
      if (batch > 0) fewest = Math.min(fewest, waiting);
      if (waiting < (FLOODED * EACH) / 2)
        await insertEvents(sql, accountId, memberships, `${round}_${batch}`);
      await delay(TOP_UP_EVERY_MS);
    }
  };
  const running = run();
  running.catch(() => undefined);
  return {
    async stop() {
      over.abort();
      await running;
      return fewest;
    },
  };
}

async function insertEvents(
  sql: Client,
  accountId: string,
  memberships: Coach['memberships'],
  batch: string,
) {
  await sql.query(
    `INSERT INTO inbox (mode, account_id, event_id, type, payload)
     SELECT 'live', $1, 'evt_flood_' || $3 || '_' || n || '_' || id, 'customer.subscription.updated',
       jsonb_build_object('data', jsonb_build_object('object',
         jsonb_build_object('object', 'subscription', 'id', id, 'metadata', '{}'::jsonb)))
     FROM unnest($2::text[]) AS id, generate_series(1, $4::int) AS n ORDER BY id, n`,
    [accountId, memberships.map(({ subscriptionId }) => subscriptionId), batch, EACH],
  );
}

async function waitingOf(sql: Client, accountId: string): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM inbox WHERE account_id = $1 AND status = 'waiting'`,
    [accountId],
  );
  return rows[0]?.count ?? 0;
}

async function noneWaiting(sql: Client, { accountId }: Coach): Promise<void> {
  while ((await waitingOf(sql, accountId)) > 0) await delay(10);
}

/** Of each from the change at Stripe to its effect here: delivery, resolution, run and look. */
async function secondsOfEvents(sql: Client, world: World, other: Coach): Promise<number[]> {
  const stripe = new EmulatorSide(world.emulator);
  const [membership] = other.memberships;
  if (membership === undefined) throw new Error('The other coach has sold nothing');
  const revision = async () => {
    const { rows } = await sql.query<{ revision: number }>('SELECT revision FROM membership WHERE id = $1', [
      membership.id,
    ]);
    return rows[0]?.revision ?? NaN;
  };
  const seconds: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const before = await revision();
    const start = performance.now();
    await stripe.api(
      { accountId: other.accountId, mode: 'live' },
      'POST',
      `/v1/subscriptions/${membership.subscriptionId}`,
      { 'metadata[revision]': String(before) },
    );
    while ((await revision()) === before) await delay(2);
    seconds.push(rounded((performance.now() - start) / 1000));
    await noneWaiting(sql, other);
  }
  return seconds;
}
