import type { Db } from '../db/client';
import { isDatabaseUnavailable } from '../db/errors';
import { asksForRun, isHint } from '../domain/hints';
import type { Log } from '../log';
import { meaningOf, wordsOf } from '../stripe/errors';
import { relatedObjectOf, type Shape } from '../stripe/event-shapes';
import type { Owner } from '../messages/start-options';
import type { WorkflowClient } from '../temporal/workflow-client';
import type { Target } from '../messages/messages';
import { eachBounded } from '../domain/bounded';
import { assign, byLane, finish, releaseLeases, ignore, type InboxRow, leave, renewLeases } from './inbox';
import type { LooksUnderWay } from './looks';
import { remembered, type Resolution, resolveEvent, type ResolverDeps } from './resolve-event';

export interface DispatchDeps extends ResolverDeps {
  workflows: WorkflowClient;
  log: Log;
}

interface Group {
  target: Target;
  owner: Owner;
  rows: InboxRow[];
}

/** Targets of one account that are woken at once. */
const WAKES = 20;
/** Rows of one account that our own tables are asked about at once. */
const LOOKUPS = 20;
/** Rows of one account that are asked about at Stripe at once; its limit is per account. https://docs.stripe.com/rate-limits */
const QUESTIONS = 5;
/** Milliseconds for asking Stripe about the rows of one account; what is left then goes back to the inbox, behind the rest. */
const BUDGET = 15_000;
/** Milliseconds between renewals of the leases of rows that are being worked on; shorter than the first lease. */
const RENEW_EVERY = 4000;
/**
 * Milliseconds for Temporal to take what a run is told; then its rows go back to the inbox. A connection that fell silent
 * keeps nobody else waiting: gRPC itself notices one only after most of a minute.
 */
const TEMPORAL_TIMEOUT_MS = 10_000;

/**
 * Resolves claimed rows and wakes each target once, however many of its rows came: one customer's flood of events is
 * one signal a batch. Lanes are worked on side by side, so that no account waits for another's Stripe.
 */
export async function dispatch(deps: DispatchDeps, rows: readonly InboxRow[]): Promise<void> {
  const lanes = [...byLane(rows).values()];
  const results = await Promise.allSettled(lanes.map((of) => dispatchLane(deps, of)));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * The same for the rows of one lane: first what our own tables resolve, then what Stripe has to be asked about, with
 * a budget of time. Leases are renewed meanwhile.
 *
 * @param looks those that the lane has under way; null: nothing is held back
 */
export async function dispatchLane(
  deps: DispatchDeps,
  rows: readonly InboxRow[],
  looks: LooksUnderWay | null = null,
): Promise<void> {
  const open = new Set(rows);
  const renewal = setInterval(() => {
    renewLeases(deps.db, [...open]).catch((error: unknown) =>
      deps.log.warn({ why: wordsOf(error) }, 'Leases could not be renewed'),
    );
  }, RENEW_EVERY);
  try {
    const asking: InboxRow[] = [];
    const known = remembered(deps.db);
    const offline = { ...deps, known, stripe: () => asksStripe() };
    await resolveAndWake(deps, { rows, open, looks, atOnce: LOOKUPS }, async (row) => {
      const resolution = await resolveRow(offline, row);
      if (resolution === ASKS_STRIPE) asking.push(row);
      return resolution;
    });
    const end = performance.now() + BUDGET;
    asking.sort((one, other) => (one.id < other.id ? -1 : 1));
    await resolveAndWake(deps, { rows: asking, open, looks, atOnce: QUESTIONS }, (row) =>
      performance.now() < end ? resolveRow({ ...deps, known }, row) : Promise.resolve(OUT_OF_TIME),
    );
  } finally {
    clearInterval(renewal);
  }
}

/** Only Stripe can tell: left to the second round. */
const ASKS_STRIPE = { kind: 'asks_stripe' } as const;
/** The account's time of this round is used up: left to a later one. */
const OUT_OF_TIME = { kind: 'out_of_time' } as const;

type Outcome = Resolution | typeof ASKS_STRIPE | typeof OUT_OF_TIME;

class AsksStripe extends Error {}

function asksStripe(): never {
  throw new AsksStripe();
}

/** Rows to be resolved, `atOnce` of them side by side; `open` are those that nothing was done about yet. */
interface Round {
  rows: readonly InboxRow[];
  open: Set<InboxRow>;
  atOnce: number;
  /** Null: nothing holds them back. */
  looks: LooksUnderWay | null;
}

/**
 * One row that fails keeps no other from being resolved, and what is resolved is woken. What is written down of many rows
 * is written by one statement.
 */
async function resolveAndWake(
  deps: DispatchDeps,
  { rows, open, atOnce, looks }: Round,
  resolve: (row: InboxRow) => Promise<Outcome>,
): Promise<void> {
  const groups = new Map<string, Group>();
  const late: InboxRow[] = [];
  const leftOut = { foreign: new Map<string, InboxRow[]>(), old_news: new Map<string, InboxRow[]>() };
  await eachBounded(rows, atOnce, async (row) => {
    const resolution = await resolve(row);
    switch (resolution.kind) {
      case 'asks_stripe':
        return;
      case 'out_of_time':
        late.push(row);
        return;
      case 'target': {
        const { target, owner } = resolution;
        const key = keyOf(target);
        const group = groups.get(key) ?? { target, owner, rows: [] };
        group.rows.push(row);
        groups.set(key, group);
        return;
      }
      case 'unresolved':
        await keep(deps, row, resolution);
        open.delete(row);
        return;
      case 'foreign':
      case 'old_news': {
        const alike = leftOut[resolution.kind];
        alike.set(resolution.why, [...(alike.get(resolution.why) ?? []), row]);
      }
    }
  });
  for (const [why, alike] of leftOut.foreign) await ignore(deps.db, alike, why);
  for (const [why, alike] of leftOut.old_news) await finish(deps.db, alike, why);
  await releaseLeases(deps.db, late, 'its account is slow; asked again later');
  for (const row of [...late, ...[...Object.values(leftOut)].flatMap((alike) => [...alike.values()].flat())])
    open.delete(row);
  await wakeAll(deps, [...groups.values()], open, looks);
}

/** Writes down why a row leads nowhere yet. */
async function keep(
  { db, log }: DispatchDeps,
  row: InboxRow,
  { why, outage = false }: Extract<Resolution, { kind: 'unresolved' }>,
): Promise<void> {
  if (await leave(db, row, why, { outage }))
    log.error({ eventId: row.eventId, type: row.type, why }, 'An event was parked');
}

interface EventData {
  object?: Shape;
  previous_attributes?: Shape;
}

async function resolveRow(deps: ResolverDeps, row: InboxRow): Promise<Resolution | typeof ASKS_STRIPE> {
  try {
    if (isHint(row)) return await resolveHint(deps.db, row);
    const payload = (row.payload ?? {}) as Shape & { data?: EventData };
    const { object = {}, previous_attributes: previous = null } = payload.data ?? {};
    return await resolveEvent({ ...row, object, previous, related: relatedObjectOf(payload) }, deps);
  } catch (error) {
    if (error instanceof AsksStripe) return ASKS_STRIPE;
    const why = wordsOf(error);
    if (isDatabaseUnavailable(error))
      return { kind: 'unresolved', why: `the database could not be asked: ${why}`, outage: true };
    switch (meaningOf(error)) {
      case 'account_gone':
        return { kind: 'foreign', why: `the account cannot be read any more (${why})` };
      case 'object_gone':
        return { kind: 'foreign', why: `what it is about is not there any more (${why})` };
      case 'needs_person':
      case 'retry':
        return { kind: 'unresolved', why: `Stripe could not be asked: ${why}`, outage: true };
      case 'refused':
      case null:
        return { kind: 'unresolved', why: `could not be resolved: ${why}` };
    }
  }
}

/** An internal hint was addressed when it was written. */
async function resolveHint(db: Db, row: InboxRow): Promise<Resolution> {
  const target = { kind: row.targetKind as Target['kind'], id: row.targetId ?? '' };
  const owner = await ownerOf(db, target);
  return owner === null
    ? { kind: 'foreign', why: 'its target does not exist' }
    : { kind: 'target', target, owner };
}

/** Says for whom all of them wait, before any of those is woken, each when the lane has a place for its look. */
async function wakeAll(
  deps: DispatchDeps,
  groups: readonly Group[],
  open: Set<InboxRow>,
  looks: LooksUnderWay | null,
): Promise<void> {
  if (groups.length === 0) return;
  await assign(deps.db, groups);
  const alive = await runsNeeded(
    deps.db,
    groups.map(({ target }) => target),
  );
  await eachBounded(groups, WAKES, async (group) => {
    const key = keyOf(group.target);
    const hasWaited = await looks?.begin(key, newestOf(group.rows));
    const isAlive = hasWaited ? await needsRun(deps.db, group.target) : alive.has(key);
    if (!(await wake(deps, group, isAlive))) looks?.forget(key);
    for (const row of group.rows) open.delete(row);
  });
}

const newestOf = (rows: readonly InboxRow[]): bigint =>
  rows.map(({ id }) => id).reduce((one, other) => (one > other ? one : other));

const keyOf = ({ kind, id }: Target) => `${kind}/${id}`;

/** Whether it is woken. */
async function wake(deps: DispatchDeps, group: Group, alive: boolean): Promise<boolean> {
  const { db, workflows, log } = deps;
  const { target, owner } = group;
  const rows = group.rows.sort((one, other) => (one.id < other.id ? -1 : 1));
  try {
    // A run of this id may be that of the coach's next connection, which drops the events of an earlier one.
    // A product or coupon has none to wait for events: the one that pushes our changes looks afterwards anyway.
    const mayListen = alive || target.kind === 'checkout' || target.kind === 'membership';
    const occasion = rows.at(-1)?.eventId ?? target.id;
    const by = await workflows.withDeadline(TEMPORAL_TIMEOUT_MS, async () =>
      mayListen && (await workflows.signalEvent(target, owner, owner.accountId ?? ''))
        ? 'its run'
        : giveRun(deps, target, owner, { alive, occasion }),
    );
    log.info({ target, events: rows.map(({ eventId }) => eventId), by }, 'events are looked into');
    // What asked for a run has become moot: there is nothing left to watch, and no run will come to say so.
    if (!alive) await finish(db, rows.filter(asksForRun), 'there is nothing left to watch');
    return true;
  } catch (error) {
    const why = wordsOf(error);
    log.warn({ target, why }, 'Could not wake a run; its events stay in the inbox');
    await releaseLeases(db, rows, `could not wake the run: ${why}`);
    return false;
  }
}

/**
 * A run for a target that has none: its own, where its row needs to be watched, else one look. A checkout's id is used
 * up by a run that failed or was terminated: such a row gets one look as well, at every occasion.
 */
export async function giveRun(
  { workflows }: Pick<DispatchDeps, 'workflows'>,
  target: Target,
  owner: Owner,
  { alive, occasion }: { alive: boolean; occasion: string },
): Promise<'a new run' | 'one look'> {
  if (alive) {
    const started = await workflows.startMissing(target, owner);
    if (started === 'started' || target.kind !== 'checkout') return 'a new run';
  }
  await workflows.startStripeEvent(occasion, target, owner);
  return 'one look';
}

/** Whether the target's row is one that a run has to watch. */
export async function needsRun(db: Db, target: Target): Promise<boolean> {
  return (await runsNeeded(db, [target])).size > 0;
}

/** The same of many: the keys of those whose rows a run has to watch. */
async function runsNeeded(db: Db, targets: readonly Target[]): Promise<ReadonlySet<string>> {
  const open = async (
    kind: Target['kind'],
    find: (where: { id: { in: string[] }; endedAt: null }) => Promise<{ id: string }[]>,
  ): Promise<string[]> => {
    const ids = targets.filter((each) => each.kind === kind).map(({ id }) => id);
    const rows = ids.length === 0 ? [] : await find({ id: { in: ids }, endedAt: null });
    return rows.map(({ id }) => keyOf({ kind, id }));
  };
  const select = { id: true } as const;
  const found = await Promise.all([
    open('connection', (where) => db.connection.findMany({ where, select })),
    open('checkout', (where) => db.checkout.findMany({ where, select })),
    open('membership', (where) =>
      db.membership.findMany({ where: { ...where, nextDeadlineAt: { not: null } }, select }),
    ),
  ]);
  return new Set(found.flat());
}

/** Who a target belongs to; null when there is no such row. */
export async function ownerOf(db: Db, target: Target): Promise<Owner | null> {
  switch (target.kind) {
    case 'connection': {
      const row = await db.connection.findUnique({ where: { id: target.id } });
      return row === null ? null : { mode: row.mode, coachId: row.coachId, accountId: row.accountId };
    }
    case 'checkout':
      return db.checkout.findUnique({ where: { id: target.id }, select: OWNER });
    case 'membership':
      return db.membership.findUnique({ where: { id: target.id }, select: OWNER });
    case 'product':
      return db.product.findUnique({ where: { id: target.id }, select: { mode: true, coachId: true } });
    case 'coupon':
      return db.coupon.findUnique({
        where: { id: target.id },
        select: { mode: true, coachId: true, accountId: true },
      });
  }
}

const OWNER = { mode: true, coachId: true, accountId: true, memberId: true } as const;
