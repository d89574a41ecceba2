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
import { assign, byAccount, finish, releaseLeases, ignore, type InboxRow, leave, renewLeases } from './inbox';
import { type Resolution, resolveEvent, type ResolverDeps } from './resolve-event';

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
const WAKES = 10;
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
 * one signal a batch. Accounts are worked on side by side, so that none waits for another's Stripe.
 */
export async function dispatch(deps: DispatchDeps, rows: readonly InboxRow[]): Promise<void> {
  const accounts = [...byAccount(rows).values()];
  const results = await Promise.allSettled(accounts.map((of) => dispatchAccount(deps, of)));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * The same for the rows of one account: first what our own tables resolve, then what Stripe has to be asked about, with
 * a budget of time. Leases are renewed meanwhile.
 */
export async function dispatchAccount(deps: DispatchDeps, rows: readonly InboxRow[]): Promise<void> {
  const open = new Set(rows);
  const renewal = setInterval(() => {
    renewLeases(deps.db, [...open]).catch((error: unknown) =>
      deps.log.warn({ why: wordsOf(error) }, 'Leases could not be renewed'),
    );
  }, RENEW_EVERY);
  try {
    const asking: InboxRow[] = [];
    const offline = { ...deps, stripe: () => asksStripe() };
    await resolveAndWake(deps, rows, open, async (row) => {
      const resolution = await resolveRow(offline, row);
      if (resolution === ASKS_STRIPE) asking.push(row);
      return resolution;
    });
    const end = performance.now() + BUDGET;
    asking.sort((one, other) => (one.id < other.id ? -1 : 1));
    await resolveAndWake(deps, asking, open, (row) =>
      performance.now() < end ? resolveRow(deps, row) : Promise.resolve(OUT_OF_TIME),
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

/** One row that fails keeps no other from being resolved, and what is resolved is woken. */
async function resolveAndWake(
  deps: DispatchDeps,
  rows: readonly InboxRow[],
  open: Set<InboxRow>,
  resolve: (row: InboxRow) => Promise<Outcome>,
): Promise<void> {
  const groups = new Map<string, Group>();
  const late: InboxRow[] = [];
  await eachBounded(rows, QUESTIONS, async (row) => {
    const resolution = await resolve(row);
    if (resolution.kind === 'asks_stripe') return;
    if (resolution.kind === 'out_of_time') late.push(row);
    else if (resolution.kind === 'target') {
      const { target, owner } = resolution;
      const key = `${target.kind}/${target.id}`;
      const group = groups.get(key) ?? { target, owner, rows: [] };
      group.rows.push(row);
      groups.set(key, group);
    } else {
      await put(deps, row, resolution);
      open.delete(row);
    }
  });
  await releaseLeases(deps.db, late, 'its account is slow; asked again later');
  for (const row of late) open.delete(row);
  await eachBounded([...groups.values()], WAKES, async (group) => {
    await wake(deps, group);
    for (const row of group.rows) open.delete(row);
  });
}

/** Writes down what became of a row that leads nowhere, or not yet. */
async function put(
  { db, log }: DispatchDeps,
  row: InboxRow,
  resolution: Exclude<Resolution, { kind: 'target' }>,
): Promise<void> {
  if (resolution.kind === 'foreign') return ignore(db, row, resolution.why);
  if (resolution.kind === 'old_news') return finish(db, [row], resolution.why);
  if (await leave(db, row, resolution.why, { outage: resolution.outage ?? false }))
    log.error({ eventId: row.eventId, type: row.type, why: resolution.why }, 'An event was parked');
}

interface EventData {
  object?: Shape;
  previous_attributes?: Shape;
}

async function resolveRow(
  deps: Pick<DispatchDeps, 'db' | 'stripe'>,
  row: InboxRow,
): Promise<Resolution | typeof ASKS_STRIPE> {
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

async function wake(deps: DispatchDeps, group: Group): Promise<void> {
  const { db, workflows, log } = deps;
  const { target, owner } = group;
  const rows = group.rows.sort((one, other) => (one.id < other.id ? -1 : 1));
  try {
    await assign(db, rows, target);
    const alive = await needsRun(db, target);
    // A run of this id may be that of the coach's next connection, which drops the events of an earlier one.
    // A product has no run of its own: the one that pushes our changes looks afterwards anyway.
    const mayListen = alive || (target.kind !== 'connection' && target.kind !== 'product');
    const occasion = rows.at(-1)?.eventId ?? target.id;
    const by = await workflows.withDeadline(TEMPORAL_TIMEOUT_MS, async () =>
      mayListen && (await workflows.signalEvent(target, owner, owner.accountId ?? ''))
        ? 'its run'
        : giveRun(deps, target, owner, { alive, occasion }),
    );
    log.info({ target, events: rows.map(({ eventId }) => eventId), by }, 'events are looked into');
    // What asked for a run has become moot: there is nothing left to watch, and no run will come to say so.
    if (!alive) await finish(db, rows.filter(asksForRun), 'there is nothing left to watch');
  } catch (error) {
    const why = wordsOf(error);
    log.warn({ target, why }, 'Could not wake a run; its events stay in the inbox');
    await releaseLeases(db, rows, `could not wake the run: ${why}`);
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
  switch (target.kind) {
    case 'connection': {
      const row = await db.connection.findUnique({ where: { id: target.id } });
      return row !== null && row.endedAt === null;
    }
    case 'checkout': {
      const row = await db.checkout.findUnique({ where: { id: target.id } });
      return row !== null && row.endedAt === null;
    }
    case 'membership': {
      const row = await db.membership.findUnique({ where: { id: target.id } });
      return row !== null && row.endedAt === null && row.nextDeadlineAt !== null;
    }
    case 'product':
      return false;
  }
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
  }
}

const OWNER = { mode: true, coachId: true, accountId: true, memberId: true } as const;
