import type { Membership } from '../db/generated/client';
import { decideLook } from '../domain/membership-look';
import { ProblemError } from '../domain/problem';
import type { Cause } from '../messages/messages';
import { refuse } from '../store/activity-failure';
import { bundlesOf } from '../store/bundles';
import { membershipFactsOf } from '../store/membership-columns';
import { commitMembership } from '../store/membership-commit';
import { takenBesideOf } from '../store/offers-beside';
import { readPolicy } from '../store/policy';
import { markDone } from '../store/waiting-events';
import { syncTarget } from '../store/sync';
import { toLookFailure } from '../stripe/errors';
import type { ActivityDeps } from './deps';
import { resolveItems } from './items';
import { cancelNow } from './membership-cancellation';
import { fetchEvidence } from './membership-evidence';
import { endedState, membershipState, type MembershipState } from './membership-state';
import { asBought } from './taking-over';

/** Activities of a membership: look, decide and commit. */
export function createMembershipActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function load(membershipId: string): Promise<Membership> {
    const row = await db.membership.findUnique({ where: { id: membershipId } });
    if (row === null) throw refuse(new ProblemError('not_found', `There is no membership ${membershipId}.`));
    return row;
  }

  /** Nothing more is owed, so Stripe is to stop charging. Tried until it has: the look that follows says whether it did. */
  const stopCharging = async (row: Membership): Promise<void> => {
    try {
      await cancelNow(deps, row, 'reversed');
    } catch (error) {
      deps.log.warn({ membershipId: row.id, step: 'cancel' }, 'Stripe did not take a change');
      throw toLookFailure(error);
    }
  };

  return {
    /** Fetches from Stripe, decides and commits. Never trusts what woke the run. */
    async syncMembership(input: {
      membershipId: string;
      cause: Cause;
      /** The run begins: what the look at the purchase has just found need not be asked for again. */
      takesOver?: boolean;
    }): Promise<MembershipState> {
      const { membershipId, cause } = input;
      return syncTarget(db, { kind: 'membership', id: membershipId }, async (events) => {
        const row = await load(membershipId);
        if (input.takesOver === true && events.length === 0) {
          const now = await deps.clock.now(row.mode, row.accountId);
          const bought = await asBought(db, row, now);
          if (bought !== null) return membershipState(row, bought, now);
        }
        const evidence = await fetchEvidence(deps, row, events);
        const [now, policy] = await Promise.all([
          deps.clock.now(row.mode, row.accountId),
          readPolicy(db, row.coachId, row.mode),
        ]);
        if (evidence.kind === 'unreadable' && row.endedAt !== null) {
          // A late event about what is over; nobody can be asked whether it is not.
          await markDone(db, events);
          return endedState(row, now);
        }
        const items =
          evidence.kind === 'subscription' ? await resolveItems(db, row, evidence.subscription) : [];
        const { productId, priceId, quantity } = row;
        const present = { facts: membershipFactsOf(row), sold: { productId, priceId, quantity } };
        const [bundles, taken] = await Promise.all([
          bundlesOf(db, [priceId, ...items.flatMap((item) => item.priceId ?? [])]),
          row.kind === 'one_off' ? takenBesideOf(db, row.checkoutId) : [],
        ]);
        const look = decideLook(present, evidence, items, now, policy, bundles, taken);
        await db.$transaction((tx) =>
          commitMembership(tx, { row, evidence, items, look, now, events, cause }),
        );
        const { status, reason, until, suspended, revoked } = look.decision;
        deps.log.info(
          {
            ...{ membershipId, checkoutId: row.checkoutId, accountId: row.accountId, cause },
            events: events.map(({ eventId }) => eventId),
            before: row.reason,
            ...{ status, reason, until, suspended, revoked },
          },
          'looked at a membership',
        );
        if (look.decision.cancelAtStripe) await stopCharging(row);
        return membershipState(row, look.decision, now);
      });
    },
  };
}
