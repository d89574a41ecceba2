import { condition, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { mailTaskQueue } from '../messages/ids';
import { type MailInput, rowChanged } from '../messages/messages';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { noteUnknownSignals } from './unknown-signals';
import { createVisibility } from './visibility';

/**
 * Sends one mail: a try, and where the mail server cannot take it now another one later, until it has it or nobody tries any
 * more. What is sent, to whom, and whether it is still true, the activity reads from the row.
 */
export async function mail(input: MailInput): Promise<{ status: string }> {
  const { tryToSend } = proxyActivities<Activities>({
    taskQueue: mailTaskQueue(workflowInfo().taskQueue),
    // A mail server may take ten minutes to say that it has a mail: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.6
    startToCloseTimeout: '15 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumInterval: '1 minute' },
  });
  const show = createVisibility();
  let changed = false;
  setHandler(rowChanged, () => {
    changed = true;
  });
  noteUnknownSignals();
  for (;;) {
    changed = false;
    const state = await tryToSend(input);
    show(state);
    if (state.waitSeconds !== null) await condition(() => changed, state.waitSeconds * 1000);
    // Asked for again just as it ended: it looks at the row again.
    else if (!changed) return { status: state.status };
  }
}
