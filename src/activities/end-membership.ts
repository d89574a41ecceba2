import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Owner } from '../messages/start-options';
import { ownClient } from './own-client';

/** Milliseconds that one call waits for another run; a longer wait is a new try of the activity. */
const UPDATE_TIMEOUT_MS = 40_000;

/** Ends a subscription at once, through its own run; one that has ended stays so. @throws what that run refuses */
export async function endMembership(membershipId: string, owner: Owner, requestId: string): Promise<void> {
  try {
    await ownClient().withDeadline(UPDATE_TIMEOUT_MS, () =>
      ownClient().cancelMembership(membershipId, owner, { requestId, at: 'now' }),
    );
  } catch (error) {
    const failure = error instanceof WorkflowUpdateFailedError ? error.cause : null;
    if (!(failure instanceof ApplicationFailure)) throw error;
    if (failure.type !== 'membership_ended') throw failure;
  }
}
