import type { Db } from '../db/client';
import { isUniqueViolation } from '../db/errors';
import type { Connection } from '../db/generated/client';
import { AUTHORIZATION_LIFETIME } from '../domain/connection';
import { Refusal } from '../domain/failure';
import { newId } from '../domain/ids';
import { type Seconds, toDate, toSeconds } from '../domain/time';
import { issueToken } from './connection-token';
import type { CoachAuth } from './http/route';

const MAX_TRIES = 5;

/** When a step of connecting has to be done, in whole seconds of the system's time. */
export function expiry(lifetime: Seconds): Date {
  return toDate(toSeconds(new Date()) + lifetime);
}

/**
 * Begins an attempt to connect, or begins the one under way again: only the newest link, state and token are good.
 * @throws Refusal `already_connected`
 */
export async function beginAttempt(
  db: Db,
  { coachId, mode }: Pick<CoachAuth, 'coachId' | 'mode'>,
  attempt: { id: string; returnUrl: string },
): Promise<{ connection: Connection; startToken: string }> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const standing = await db.connection.findFirst({
      where: { coachId, mode, status: { in: ['authorizing', 'returned', 'connected', 'disconnecting'] } },
    });
    if (standing?.status === 'connected' || standing?.status === 'disconnecting')
      throw alreadyConnected(standing);
    // An id that a repeated request has used before names an attempt that has ended: this is the next one.
    const id = standing?.id ?? (tries === 0 ? attempt.id : newId('connection'));
    const { token, hash } = issueToken(id);
    const data = {
      status: 'authorizing' as const,
      startTokenHash: hash,
      stateHash: null,
      cookieHash: null,
      confirmTokenHash: null,
      encryptedCode: null,
      returnUrl: attempt.returnUrl,
      expiresAt: expiry(AUTHORIZATION_LIFETIME),
    };
    if (standing === null) {
      try {
        return {
          connection: await db.connection.create({ data: { id, coachId, mode, ...data } }),
          startToken: token,
        };
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
      }
    } else {
      const { count } = await db.connection.updateMany({
        where: { id, revision: standing.revision },
        data: { ...data, revision: { increment: 1 } },
      });
      if (count === 1)
        return { connection: await db.connection.findUniqueOrThrow({ where: { id } }), startToken: token };
    }
  }
  throw new Refusal('temporarily_unavailable', 'Another request is connecting at this moment.');
}

function alreadyConnected(row: Connection): Refusal {
  const state = row.status === 'connected' ? 'is connected' : 'is just being disconnected';
  return new Refusal('already_connected', `The Stripe account ${row.accountId ?? ''} ${state}.`, {
    accountId: row.accountId,
  });
}
