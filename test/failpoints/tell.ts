import { eventually } from '../support/eventually';
import type { Crash, Stage } from './stage';
import {
  differences,
  describeDifferences,
  runsOf,
  type Snapshot,
  type Subject,
  takeSnapshot,
} from './snapshot';
import type { Story } from './stories';

/** Milliseconds until what a crash has interrupted has to have come to rest: leases of the inbox last seconds. */
const SETTLE_MS = 90_000;

/** What became of a story. */
export interface Told {
  snapshot: Snapshot;
  /** How often somebody died at each place where they were to. */
  deaths: number[];
}

/** Milliseconds that are waited. */
export interface Patience {
  /** For rest. */
  settleMs?: number;
  /** From then on, for the same end as undisturbed. */
  sameMs?: number;
}

/** A story that ended otherwise than undisturbed, in words. */
export class Divergence extends Error {}

/** Nothing of an account is on its way, waits in the inbox or to be told, or is being worked on. */
async function isAtRest({ rig }: Stage, subject: Subject): Promise<boolean> {
  const { accountId, coachId } = subject;
  const { pending } = await rig.stripeSide.drain({ account: accountId, livemode: false, retryNow: true });
  if (pending > 0) return false;
  if ((await rig.db.inbox.count({ where: { accountId, status: 'waiting' } })) > 0) return false;
  // Access that the clock has ended is told by the relay, when it comes to it.
  const [untold] = await rig.db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM member_product
    WHERE coach_id = ${coachId} AND told_access AND told_until <= coach_time(coach_id, mode)`;
  if (untold?.count !== 0n) return false;
  return (await runsOf(rig, subject)).every(({ isBusy }) => !isBusy);
}

/**
 * Tells a story once, with crashes or undisturbed, and waits until all has come to rest; then, if it is to end like an
 * undisturbed one, until it has.
 * @throws Divergence when it does not.
 */
export async function tell(
  stage: Stage,
  story: Story,
  crashes: readonly Crash[],
  expected: Snapshot | null,
  { settleMs = SETTLE_MS, sameMs = settleMs }: Patience = {},
): Promise<Told> {
  const { rig } = stage;
  const origin = Math.floor(Date.now() / 1000);
  let subject: Subject | null = null;
  let where = 'before its first step';
  const forgiven: RegExp[] = [];
  const look = async (whose: Subject): Promise<Snapshot> =>
    (await takeSnapshot(rig, whose, origin)).filter((line) => !forgiven.some((each) => each.test(line)));
  const rest = async () => {
    if (subject === null) return;
    const { accountId, coachId } = subject;
    await eventually('rest', () => isAtRest(stage, { accountId, coachId }), settleMs);
  };
  await stage.begin(crashes);
  try {
    await story({
      rig,
      about(whose) {
        subject = { coachId: whose.coachId, accountId: whose.accountId };
      },
      forgive(line) {
        forgiven.push(line);
      },
      async step(name, act) {
        where = `in "${name}"`;
        stage.enter(name);
        await act();
        await rest();
        stage.enter('');
      },
      async attempt(who, perform) {
        for (;;) {
          const outcome = await stage.attempt(who, perform);
          if (!('killed' in outcome)) return outcome.result;
        }
      },
    });
    where = 'at the end';
    await rest();
    if (subject === null) throw new Error('The story is about nobody.');
    const whose: Subject = subject;
    let snapshot = await look(whose);
    if (expected !== null) {
      const isSame = async () => {
        snapshot = await look(whose);
        const { missing, surplus } = differences(expected, snapshot);
        return missing.length + surplus.length === 0;
      };
      await eventually('the same end', isSame, sameMs).catch(() => {
        throw new Divergence(describeDifferences(differences(expected, snapshot)).join('\n'));
      });
    }
    return { snapshot, deaths: stage.deaths() };
  } catch (error) {
    if (error instanceof Divergence) throw error;
    throw new Divergence(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    stage.enter('');
    if (subject !== null) await forget(stage, subject);
  }
}

/** Ends what a story has left running, so that it does not wake while others are told. */
async function forget({ rig }: Stage, subject: Subject): Promise<void> {
  for (const { workflowId, status } of await runsOf(rig, subject))
    if (status === 'RUNNING')
      await rig.client.workflow
        .getHandle(workflowId)
        .terminate('its story is told')
        .catch(() => undefined);
  const { coachId, accountId } = subject;
  const ended = { where: { coachId, endedAt: null }, data: { endedAt: new Date(), nextDeadlineAt: null } };
  await rig.db.membership.updateMany(ended);
  await rig.db.checkout.updateMany(ended);
  await rig.db.inbox.deleteMany({ where: { accountId } });
}
