import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Checkout } from '../../db/generated/client';
import { isClosed } from '../../domain/checkout';
import { ProblemError } from '../../domain/problem';
import type { CheckoutView } from '../../messages/messages';
import type { ApiDeps } from '../deps';

/** Milliseconds that a request waits for Stripe's address. */
const UPDATE_TIMEOUT_MS = 25_000;
/** How often a run that is not there is given one. */
const TRIES = 4;

const ownerOf = ({ coachId, mode, accountId, memberId }: Checkout) => ({
  coachId,
  mode,
  accountId,
  memberId,
});

/**
 * Has the run open the session, or repeat its answer. False when the checkout is closed by now.
 * @throws ProblemError when Stripe refused, or the outcome is not known in time.
 */
export async function startAndWait({ db, workflows }: ApiDeps, row: Checkout): Promise<boolean> {
  try {
    await workflows.withDeadline(UPDATE_TIMEOUT_MS, () => workflows.openCheckout(row.id, ownerOf(row)));
  } catch (error) {
    // The run is closed, and is never replaced: the row tells.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError) && !(error instanceof WorkflowNotFoundError))
      throw error;
  }
  const present = await db.checkout.findUniqueOrThrow({ where: { id: row.id } });
  return !isClosed(present.status);
}

/** Closes a checkout that stands in the way of another one. @throws ProblemError when it was paid meanwhile. */
export async function closeOther(deps: ApiDeps, open: Checkout): Promise<void> {
  const { status } = await cancelOpen(deps, open, `replaced:${open.id}:${open.revision}`);
  if (isClosed(status as Checkout['status']) && status !== 'completed' && status !== 'needs_review') return;
  throw new ProblemError('checkout_in_progress', 'The member has just paid for this product.', {
    checkoutId: open.id,
  });
}

/**
 * Expires a checkout's session at Stripe; the answer says what became of it. A row without a run, or whose run an
 * operator terminated, gets one first.
 * @throws ProblemError (mapped) when the outcome is not known in time.
 */
export async function cancelOpen(deps: ApiDeps, row: Checkout, updateId: string): Promise<CheckoutView> {
  const { db, workflows } = deps;
  const cancel = () =>
    workflows.withDeadline(UPDATE_TIMEOUT_MS, () => workflows.cancelCheckout(row.id, updateId));
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      return await cancel();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    const present = await db.checkout.findUniqueOrThrow({ where: { id: row.id } });
    if (isClosed(present.status)) return { checkoutId: row.id, status: present.status, url: null };
    await workflows.withDeadline(UPDATE_TIMEOUT_MS, () =>
      workflows.startMissing({ kind: 'checkout', id: row.id }, ownerOf(row)),
    );
  }
  throw new ProblemError('temporarily_unavailable', 'The checkout is just being closed; look at it again.');
}
