import type { Prisma } from '../db/generated/client';
import type { Connection } from '../db/generated/client';
import { decrypt } from '../db/encryption';
import { decideConnection, isEnded } from '../domain/connection';
import { ProblemError } from '../domain/problem';
import { type Seconds, toDate, toDateOrNull } from '../domain/time';
import { fetchAccount, redeemCode } from '../stripe/account';
import { isUniqueViolation } from '../db/errors';
import { createConnectionAccountActivities } from './connection-account';
import { createConnectionCatalogActivities } from './connection-catalog';
import { createDisconnectActivities, tellOfTheEnd, tellOfTheReturn } from './connection-end';
import { type ConnectionState, connectionState } from '../store/connection-state';
import type { ActivityDeps } from './deps';
import { withMappedErrors } from '../store/activity-failure';
import { expectRevision, syncTarget } from '../store/sync';
import { markDone } from '../store/waiting-events';

/** What the connection's run does outside: Stripe, and the connection's row. */
export function createConnectionActivities(deps: ActivityDeps) {
  const { db, clock } = deps;

  const load = (id: string) => db.connection.findUniqueOrThrow({ where: { id } });
  const stateOf = async (row: Connection): Promise<ConnectionState> =>
    connectionState(row, await clock.now(row.mode, row.accountId));

  /** Ends an attempt that never reached an account, unless somebody moved it on meanwhile. */
  async function endAttempt(
    id: string,
    where: Prisma.ConnectionWhereInput,
    data: Prisma.ConnectionUpdateManyMutationInput,
  ) {
    await db.connection.updateMany({
      where: { AND: [{ id, status: { in: ['authorizing', 'returned'] } }, where] },
      data: {
        ...NO_TOKENS,
        confirmTokenHash: null,
        ...data,
        endedAt: new Date(),
        revision: { increment: 1 },
      },
    });
    return stateOf(await load(id));
  }

  const activities = {
    async loadConnection(input: { connectionId: string }): Promise<ConnectionState> {
      return stateOf(await load(input.connectionId));
    },

    /** Gives the attempt up whose expiry the run has slept through; a later expiry (a new link) is left alone. */
    abandonConnection(input: { connectionId: string; deadline: Seconds }): Promise<ConnectionState> {
      const expired = { expiresAt: { lte: toDate(input.deadline) } };
      return endAttempt(input.connectionId, expired, { status: 'abandoned' });
    },

    /** Ends the attempt as failed. `endReason` is one of the codes of src/domain/problem.ts. */
    failConnection(input: { connectionId: string; endReason: string }): Promise<ConnectionState> {
      return endAttempt(input.connectionId, {}, { status: 'failed', endReason: input.endReason });
    },

    /**
     * Says which account was approved. With account links it is the attempt's own; with OAuth the code is exchanged for
     * it. The code is deleted before Stripe hears of it, so however often this
     * is tried, Stripe sees the code at most once: a second use would revoke the authorization. The tokens of the
     * answer are dropped: calls use the platform's key. https://docs.stripe.com/connect/oauth-reference#post-token
     * @throws ProblemError `connection_not_returned`, `connection_refused` or `connection_unclear`
     */
    async exchangeCode(input: { connectionId: string }): Promise<{ accountId: string }> {
      const row = await load(input.connectionId);
      if (row.status !== 'returned')
        throw new ProblemError('connection_not_returned', 'The coach has not come back from Stripe yet.');
      if (row.flow === 'account_links') return { accountId: expectAccount(row) };
      const lost = new ProblemError(
        'connection_unclear',
        'An earlier try used the authorization and its answer was lost.',
      );
      if (row.encryptedCode === null) throw lost;
      const code = decrypt(deps.encryptionKey, row.encryptedCode, row.id);
      const { count } = await db.connection.updateMany({
        where: { id: row.id, encryptedCode: row.encryptedCode },
        data: { encryptedCode: null, revision: { increment: 1 } },
      });
      if (count !== 1) throw lost;
      return redeemCode(deps.stripe.of(row.mode), row.mode, code);
    },

    /**
     * Fetches the account, decides and commits. `accountId` is given once, by the run that exchanged the code.
     * @throws ProblemError `account_in_use` when the account belongs to another connection of this mode
     */
    async syncConnection(input: { connectionId: string; accountId?: string }): Promise<ConnectionState> {
      return syncTarget(db, { kind: 'connection', id: input.connectionId }, async (events) => {
        const row = await load(input.connectionId);
        const accountId = row.accountId ?? input.accountId ?? null;
        if (accountId === null || isEnded(row.status)) {
          await markDone(db, events);
          return stateOf(row);
        }
        const [answer, now] = await Promise.all([
          fetchAccount(deps.stripe.of(row.mode), accountId),
          clock.now(row.mode, accountId),
        ]);
        const decision = decideConnection(row.status, answer, now);
        const data: Prisma.ConnectionUpdateManyMutationInput = {
          ...(keepsTokens(row, decision.status) ? {} : NO_TOKENS),
          ...(decision.account === null ? {} : accountColumns(decision.account)),
          accountId,
          status: decision.status,
          endReason: decision.endReason,
          nextDeadlineAt: toDateOrNull(decision.lookAgainAt),
          connectedAt: row.connectedAt ?? toDate(now),
          endedAt: isEnded(decision.status) ? toDate(now) : null,
          revision: { increment: 1 },
        };
        try {
          await db.$transaction(async (tx) => {
            expectRevision(
              await tx.connection.updateMany({ where: { id: row.id, revision: row.revision }, data }),
            );
            if (isEnded(decision.status)) await tellOfTheEnd(tx, { ...row, accountId });
            else if (row.connectedAt === null) await tellOfTheReturn(tx, { ...row, accountId });
            await markDone(tx, events);
          });
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
          throw new ProblemError(
            'account_in_use',
            'This Stripe account is connected to another coach here.',
            {
              accountId,
            },
          );
        }
        return connectionState(await load(row.id), now);
      });
    },

    /** The row that came after this one: the coach connected again while this run was ending. */
    async findSuccessor(input: { connectionId: string }): Promise<string | null> {
      const { coachId, mode } = await load(input.connectionId);
      const next = await db.connection.findFirst({
        where: { coachId, mode, status: { in: ['authorizing', 'returned', 'connected', 'disconnecting'] } },
        select: { id: true },
      });
      return next?.id ?? null;
    },
  };
  return withMappedErrors({
    ...activities,
    ...createConnectionAccountActivities(deps),
    ...createDisconnectActivities(deps),
    ...createConnectionCatalogActivities(deps),
  });
}

/** The single-use secrets of an attempt, used up or void. */
const NO_TOKENS = {
  startTokenHash: null,
  stateHash: null,
  cookieHash: null,
  encryptedCode: null,
  expiresAt: null,
};

/** The coach is in Stripe's onboarding again, and has not come back yet: a look must not close the way back. */
function keepsTokens({ status, expiresAt }: Connection, next: Connection['status']): boolean {
  return status === 'connected' && next === 'connected' && expiresAt !== null && expiresAt > new Date();
}

/** @throws ProblemError `connection_unclear` when the attempt was never given its account */
function expectAccount({ createdAccountId }: Connection): string {
  if (createdAccountId === null)
    throw new ProblemError('connection_unclear', 'The account of this attempt was not created.');
  return createdAccountId;
}

function accountColumns(account: Exclude<Awaited<ReturnType<typeof fetchAccount>>, 'gone'>) {
  const { accountId: _accountId, requirements, ...columns } = account;
  return { ...columns, requirements: { ...requirements } };
}
