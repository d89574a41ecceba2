import type { Db } from '../../db/client';
import { isUniqueViolation } from '../../db/errors';
import type { Connection } from '../../db/generated/client';
import { connectionFacts } from '../../store/connection-state';
import { canOnboardAgain } from '../../domain/selling';
import { type ConnectFlow, LINK_LIFETIME } from '../../domain/connection';
import { ProblemError } from '../../domain/problem';
import { newId } from '../../domain/ids';
import { type Seconds, toDate, toSeconds } from '../../domain/time';
import { issueToken } from './token';
import type { CoachAuth } from '../http/route';

const MAX_TRIES = 5;

/** When a step of connecting has to be done, in whole seconds of the system's time. */
export function expiry(lifetime: Seconds): Date {
  return toDate(toSeconds(new Date()) + lifetime);
}

/**
 * Begins an attempt to connect, or begins the one under way again: only the newest link, state and token are good. An
 * account that was created for the coach and lacks something gets a link into Stripe's form again, and stays connected.
 * @throws ProblemError `already_connected`
 */
export async function beginAttempt(
  db: Db,
  { coachId, mode }: Pick<CoachAuth, 'coachId' | 'mode'>,
  attempt: { id: string; flow: ConnectFlow; returnUrl: string },
): Promise<{ connection: Connection; startToken: string }> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const standing = await db.connection.findFirst({
      where: { coachId, mode, status: { in: ['authorizing', 'returned', 'connected', 'disconnecting'] } },
    });
    const isConnected = standing?.status === 'connected' || standing?.status === 'disconnecting';
    if (isConnected && !canOnboardAgain(connectionFacts(standing))) throw alreadyConnected(standing);
    // An id that a repeated request has used before names an attempt that has ended: this is the next one.
    const id = standing?.id ?? (tries === 0 ? attempt.id : newId('connection'));
    const { token, hash } = issueToken(id);
    const link = {
      startTokenHash: hash,
      stateHash: null,
      cookieHash: null,
      returnUrl: attempt.returnUrl,
      expiresAt: expiry(LINK_LIFETIME),
    };
    const afresh = {
      ...link,
      status: 'authorizing' as const,
      flow: attempt.flow,
      confirmTokenHash: null,
      encryptedCode: null,
    };
    if (standing === null) {
      try {
        return {
          connection: await db.connection.create({ data: { id, coachId, mode, ...afresh } }),
          startToken: token,
        };
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
      }
    } else {
      const { count } = await db.connection.updateMany({
        where: { id, revision: standing.revision },
        data: { ...(isConnected ? link : afresh), revision: { increment: 1 } },
      });
      if (count === 1)
        return { connection: await db.connection.findUniqueOrThrow({ where: { id } }), startToken: token };
    }
  }
  throw new ProblemError('temporarily_unavailable', 'Another request is connecting at this moment.');
}

function alreadyConnected(row: Connection): ProblemError {
  const state = row.status === 'connected' ? 'is connected' : 'is just being disconnected';
  return new ProblemError('already_connected', `The Stripe account ${row.accountId ?? ''} ${state}.`, {
    accountId: row.accountId,
  });
}
