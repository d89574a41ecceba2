import type { Db } from '../db/client';
import type { Log } from '../log';
import type { Owner, Runs } from '../temporal/runs';
import type { Target } from '../workflows/messages';
import { assign, giveBack, ignore, type InboxRow, leave } from './inbox';
import { type Resolution, resolveEvent, type ResolverDeps } from './resolve-event';

export interface DispatchDeps extends ResolverDeps {
  runs: Runs;
  log: Log;
}

interface Group {
  target: Target;
  owner: Owner;
  rows: InboxRow[];
}

/** How many targets are woken at once. */
const CONCURRENCY = 10;
/**
 * Milliseconds for Temporal to take what a run is told; then its rows go back to the inbox. A connection that fell silent
 * keeps nobody else waiting: gRPC itself notices one only after most of a minute.
 */
const PATIENCE = 10_000;

/**
 * Resolves claimed rows and wakes each target once, however many of its rows came: one customer's flood of events is
 * one signal a batch.
 */
export async function dispatch(deps: DispatchDeps, rows: readonly InboxRow[]): Promise<void> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const resolution = await resolveRow(deps, row);
    if (resolution.kind === 'foreign') await ignore(deps.db, row, resolution.why);
    else if (resolution.kind === 'unresolved') {
      if (await leave(deps.db, row, resolution.why))
        deps.log.error({ eventId: row.eventId, type: row.type, why: resolution.why }, 'An event was parked');
    } else {
      const { target, owner } = resolution;
      const key = `${target.kind}/${target.id}`;
      const group = groups.get(key) ?? { target, owner, rows: [] };
      group.rows.push(row);
      groups.set(key, group);
    }
  }
  const waiting = [...groups.values()];
  for (let i = 0; i < waiting.length; i += CONCURRENCY)
    await Promise.all(waiting.slice(i, i + CONCURRENCY).map((group) => wake(deps, group)));
}

async function resolveRow(deps: DispatchDeps, row: InboxRow): Promise<Resolution> {
  try {
    if (row.eventId.startsWith('hint_')) return await resolveHint(deps.db, row);
    const payload = row.payload as { data?: { object?: Record<string, unknown> } };
    return await resolveEvent({ ...row, object: payload.data?.object ?? {} }, deps);
  } catch (error) {
    return {
      kind: 'unresolved',
      why: `could not be resolved: ${error instanceof Error ? error.name : 'error'}`,
    };
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

async function wake(deps: DispatchDeps, { target, owner, rows }: Group): Promise<void> {
  const { db, runs, log } = deps;
  try {
    await assign(db, rows, target);
    const alive = await needsRun(db, target);
    // A run of this id may be that of the coach's next connection, which drops the events of an earlier one.
    const mayListen = alive || target.kind !== 'connection';
    const occasion = rows.at(-1)?.eventId ?? target.id;
    await runs.within(PATIENCE, async () => {
      if (mayListen && (await runs.signalEvent(target, owner, owner.accountId ?? ''))) return;
      await giveRun(deps, target, owner, { alive, occasion });
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'error';
    log.warn({ target, why }, 'Could not wake a run; its events stay in the inbox');
    await giveBack(db, rows, `could not wake the run: ${why}`);
  }
}

/**
 * A run for a target that has none: its own, where its row needs to be watched, else one look. A checkout's id is used
 * up by a run that failed or was terminated: such a row gets one look as well, at every occasion.
 */
export async function giveRun(
  { runs }: Pick<DispatchDeps, 'runs'>,
  target: Target,
  owner: Owner,
  { alive, occasion }: { alive: boolean; occasion: string },
): Promise<void> {
  if (alive) {
    const started = await runs.startMissing(target, owner);
    if (started === 'started' || target.kind !== 'checkout') return;
  }
  await runs.startStripeEvent(occasion, target, owner);
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
  }
}

const OWNER = { mode: true, coachId: true, accountId: true, memberId: true } as const;
