import type { Tx } from '../db/client';
import type { CheckoutStatus, Mode } from '../db/generated/client';
import { eachBounded } from '../domain/bounded';
import type { HintType } from '../domain/hints';
import { ProblemError } from '../domain/problem';
import type { MembershipReason } from '../domain/membership-reasons';
import { deauthorize } from '../stripe/account';
import { expireSession } from '../stripe/checkout-session';
import { isAccountInvalid } from '../stripe/errors';
import type { AccountClient } from '../stripe/account-client';
import { noteProgress, progress } from '../stripe/progress';
import type { ActivityDeps } from './deps';
import { type ConnectionState, connectionState } from '../store/connection-state';
import { type Hint, hintId, insertHints } from '../store/hints';
import { STILL_GIVES } from '../store/offers-beside';

/** A checkout whose outcome is still Stripe's to say. */
const UNDECIDED: CheckoutStatus[] = ['opening', 'open', 'pending'];

/** Sessions of one page, and how many of them are closed at once. */
const SESSIONS = 50;
const AT_ONCE = 5;

interface Ending {
  id: string;
  coachId: string;
  mode: Mode;
  accountId: string;
}

/**
 * Hints for everything that lives on the account: its memberships and undecided checkouts hear of the end from the
 * relay. Inside the transaction that ends the connection, so that none of them is forgotten.
 */
export async function tellOfTheEnd(tx: Tx, connection: Ending): Promise<void> {
  const { coachId, mode, accountId } = connection;
  const [memberships, checkouts] = await Promise.all([
    tx.membership.findMany({ where: { coachId, mode, accountId, endedAt: null }, select: { id: true } }),
    tx.checkout.findMany({
      where: { coachId, mode, accountId, status: { in: UNDECIDED } },
      select: { id: true },
    }),
  ]);
  await insertHints(
    tx,
    hintsOf(connection, 'internal.connection_ended', targetsOf({ memberships, checkouts })),
  );
}

/**
 * The same for a connection that was just made: what was left in the dark by the end of an earlier one to the same
 * account is looked at again. Stripe may have gone on charging meanwhile.
 */
export async function tellOfTheReturn(tx: Tx, connection: Ending): Promise<void> {
  const { coachId, mode, accountId } = connection;
  const owned = { coachId, mode, accountId };
  const [memberships, checkouts] = await Promise.all([
    tx.membership.findMany({
      where: {
        ...owned,
        OR: [...STILL_GIVES.OR, { reason: 'disconnected_over' satisfies MembershipReason }],
      },
      select: { id: true },
    }),
    tx.checkout.findMany({ where: { ...owned, status: 'unverifiable' }, select: { id: true } }),
  ]);
  await insertHints(
    tx,
    hintsOf(connection, 'internal.connection_made', targetsOf({ memberships, checkouts })),
  );
}

interface HintTarget {
  kind: 'membership' | 'checkout';
  id: string;
}

const targetsOf = (rows: Record<'memberships' | 'checkouts', { id: string }[]>): HintTarget[] => [
  ...rows.memberships.map(({ id }) => ({ kind: 'membership' as const, id })),
  ...rows.checkouts.map(({ id }) => ({ kind: 'checkout' as const, id })),
];

/** One hint per target and connection, however often the activity around it is tried. */
const hintsOf = ({ id, mode, accountId }: Ending, type: HintType, targets: readonly HintTarget[]): Hint[] =>
  targets.map((target) => ({ mode, accountId, type, eventId: hintId(type, id, target.id), target }));

/** What a disconnection does, step by step. The run decides the order (src/workflows/connection.ts). */
export function createDisconnectActivities(deps: ActivityDeps) {
  const { db, clock } = deps;

  async function load(connectionId: string) {
    const row = await db.connection.findUniqueOrThrow({ where: { id: connectionId } });
    if (row.accountId === null) throw new ProblemError('not_connected', 'No Stripe account is connected.');
    return { ...row, accountId: row.accountId };
  }

  return {
    /** From now on nothing more is sold. @throws ProblemError `not_connected` when there is nothing to disconnect */
    async beginDisconnecting(input: { connectionId: string }): Promise<ConnectionState> {
      await db.connection.updateMany({
        where: { id: input.connectionId, status: 'connected' },
        data: { status: 'disconnecting', revision: { increment: 1 } },
      });
      const row = await load(input.connectionId);
      return connectionState(row, await clock.now(row.mode, row.accountId));
    },

    /**
     * Expires every open session of the account, so that nobody pays into the void, and has each checkout look. In pages,
     * with a heartbeat after each: a try that is lost goes on where it was. A session that cannot be closed keeps no
     * other open; it is tried again with the rest of its page.
     * https://docs.stripe.com/api/checkout/sessions/expire
     */
    async expireOpenSessions(input: { connectionId: string }): Promise<void> {
      const connection = await load(input.connectionId);
      const { coachId, mode, accountId } = connection;
      const client = { stripe: deps.stripe.of(mode), accountId };
      let after = String(progress()['after'] ?? '');
      let failure: unknown;
      for (let place = after; ;) {
        const checkouts = await db.checkout.findMany({
          where: { id: { gt: place }, coachId, mode, accountId, status: { in: UNDECIDED } },
          select: { id: true, stripeSessionId: true },
          orderBy: { id: 'asc' },
          take: SESSIONS,
        });
        await eachBounded(checkouts, AT_ONCE, async ({ id, stripeSessionId }) => {
          try {
            if (stripeSessionId !== null) await expire(client, id, stripeSessionId);
          } catch (error) {
            failure ??= error;
          }
        });
        const targets = checkouts.map(({ id }) => ({ kind: 'checkout' as const, id }));
        await insertHints(db, hintsOf(connection, 'internal.connection_ending', targets));
        place = checkouts.at(-1)?.id ?? place;
        // What failed is in front of the place that is remembered, so the next try meets it again.
        if (failure === undefined) after = place;
        noteProgress('after', after);
        if (checkouts.length < SESSIONS) break;
      }
      if (failure !== undefined) throw failure;
    },

    /** How much the account still has to settle: events that wait, and checkouts that may still be paid. */
    async countUnsettled(input: { connectionId: string }): Promise<number> {
      const { coachId, mode, accountId } = await load(input.connectionId);
      const [events, checkouts] = await Promise.all([
        db.inbox.count({ where: { mode, accountId, status: 'waiting' } }),
        db.checkout.count({ where: { coachId, mode, accountId, status: { in: ['opening', 'open'] } } }),
      ]);
      return events + checkouts;
    },

    /**
     * Ends the link at Stripe, unless another connection of this mode holds the account. An account that was created
     * for an attempt is let go only after it was connected: the coach's next attempt goes on with it. Stripe then makes
     * it the coach's alone. https://support.stripe.com/questions/platform-controls-for-connected-accounts
     */
    async deauthorizeAccount(input: { connectionId: string; accountId: string }): Promise<void> {
      const { id, mode, flow, connectedAt } = await db.connection.findUniqueOrThrow({
        where: { id: input.connectionId },
      });
      if (flow === 'account_links' && connectedAt === null) return;
      const holder = await db.connection.findFirst({
        where: {
          mode,
          accountId: input.accountId,
          status: { in: ['connected', 'disconnecting'] },
          id: { not: id },
        },
      });
      if (holder !== null) return;
      await deauthorize(deps.stripe.of(mode), deps.stripe.clientId(mode), input.accountId);
    },
  };
}

/** An account that cannot be read any more has nothing that could be expired by us. */
async function expire(client: AccountClient, checkoutId: string, sessionId: string): Promise<void> {
  try {
    await expireSession(client, checkoutId, sessionId);
  } catch (error) {
    if (!isAccountInvalid(error)) throw error;
  }
}
