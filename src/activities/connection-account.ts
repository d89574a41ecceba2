import type { Connection } from '../db/generated/client';
import { isEnded } from '../domain/connection';
import { toSeconds } from '../domain/time';
import { fetchAccount } from '../stripe/account';
import { createAccount } from '../stripe/account-links';
import { type ConnectionState, connectionState } from '../store/connection-state';
import type { ActivityDeps } from './deps';

/** What account links need before a browser is sent to Stripe (decision record 0016). */
export function createConnectionAccountActivities(deps: ActivityDeps) {
  const { db, clock } = deps;

  /** The coach's attempts of this kind that never led to a connection, this one among them, oldest first. */
  const attemptsOf = ({ coachId, mode }: Connection) =>
    db.connection.findMany({
      where: { coachId, mode, flow: 'account_links', connectedAt: null },
      orderBy: { createdAt: 'asc' },
    });

  /** The account of an earlier attempt, if it is still ours to go on with. */
  async function leftOver(attempts: Connection[]): Promise<string | null> {
    const newest = attempts.findLast(({ createdAccountId }) => createdAccountId !== null);
    if (newest?.createdAccountId == null) return null;
    const answer = await fetchAccount(deps.stripe.of(newest.mode), newest.createdAccountId);
    return answer === 'gone' ? null : newest.createdAccountId;
  }

  return {
    /**
     * Gives an attempt its account: that of the coach's earlier attempt, which was given up half-way, else a new one.
     * Safe to repeat.
     */
    async prepareAccount(input: { connectionId: string }): Promise<ConnectionState> {
      const row = await db.connection.findUniqueOrThrow({ where: { id: input.connectionId } });
      if (row.createdAccountId === null && !isEnded(row.status)) {
        const attempts = await attemptsOf(row);
        const createdAccountId =
          (await leftOver(attempts)) ??
          (await createAccount(deps.stripe.of(row.mode), {
            connectionId: row.id,
            coachId: row.coachId,
            earlier: {
              connectionIds: attempts.map(({ id }) => id),
              since: toSeconds(attempts[0]?.createdAt ?? row.createdAt),
            },
          }));
        await db.connection.updateMany({
          where: { id: row.id, createdAccountId: null },
          data: { createdAccountId, revision: { increment: 1 } },
        });
      }
      const present = await db.connection.findUniqueOrThrow({ where: { id: row.id } });
      return connectionState(present, await clock.now(present.mode, present.accountId));
    },
  };
}
