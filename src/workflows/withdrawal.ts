import {
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { WithdrawalState } from '../activities/withdrawal';
import { clockMoved, type WithdrawalInput } from '../messages/messages';
import { failureOf } from './failures';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { hearOfRow } from './row-changes';
import { createVisibility } from './visibility';

const {
  lookAtWithdrawal,
  remindOfWithdrawal,
  tellOverdueWithdrawal,
  settleWithdrawal,
  isWithdrawnMembershipOver,
  finishWithdrawal,
  failWithdrawal,
} = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '1 minute' },
});

// Stripe may be down for long, and keys are remembered for a day.
const { endWithdrawnMembership, refundWithdrawal } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '23 hours',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '10 minutes' },
});

/** How long it waits for the end of the membership, half as long again each time: who waits, waits little more than it took. */
const FIRST_LOOK_MS = 2_000;
const LONGER = 1.5;
const LONGEST_LOOK_MS = 300_000;
/** It looks again after that at the latest, as a clock that is moved makes a timer too long. */
const LONGEST_WAIT_SECONDS = 24 * 3600;

/**
 * A withdrawal from a contract: waits for whoever has to decide, not longer than the law lets it, then sees the membership
 * end, gives back what is to go back, and says that it is done.
 */
export async function withdrawal(input: WithdrawalInput): Promise<{ status: string }> {
  const show = createVisibility();
  const changes = hearOfRow(clockMoved);
  for (;;) {
    changes.seen();
    const state = await lookAtWithdrawal(input);
    show(state);
    switch (state.next) {
      case 'end':
        // Stated by the member just as the coach had refused a stranger's: it looks at the row again.
        if (changes.any() && patched('looks-again-at-the-end')) break;
        return { status: state.status };
      case 'remind':
        await remindOfWithdrawal(input);
        break;
      case 'tell_overdue':
        await tellOverdueWithdrawal(input);
        break;
      case 'settle':
        await settleWithdrawal(input);
        break;
      case 'carry_out':
        show(await carryOut(input, state));
        break;
      case 'wait':
        if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof withdrawal>(input);
        await condition(
          changes.any,
          Math.min(state.waitSeconds ?? LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS) * 1000,
        );
    }
  }
}

async function carryOut(input: WithdrawalInput, { parts }: WithdrawalState): Promise<WithdrawalState> {
  try {
    // Nothing more is charged before anything goes back.
    await endWithdrawnMembership(input);
    for (
      let ms = FIRST_LOOK_MS;
      !(await isWithdrawnMembershipOver(input));
      ms = Math.min(ms * LONGER, LONGEST_LOOK_MS)
    )
      await sleep(ms);
    for (const part of parts) await refundWithdrawal({ ...input, part });
  } catch (error) {
    return failWithdrawal({ ...input, code: failureOf(error).type ?? 'temporarily_unavailable' });
  }
  return finishWithdrawal(input);
}
