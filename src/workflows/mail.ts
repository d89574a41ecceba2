import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { mailTaskQueue } from '../messages/ids';
import type { MailInput } from '../messages/messages';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { tryUntilOver } from './tries';

/**
 * Sends one mail: a try, and where the mail server cannot take it now another one later, until it has it or nobody tries any
 * more. What is sent, to whom, and whether it is still true, the activity reads from the row.
 */
export function mail(input: MailInput): Promise<{ status: string }> {
  const { tryToSend } = proxyActivities<Activities>({
    taskQueue: mailTaskQueue(workflowInfo().taskQueue),
    // A mail server may take ten minutes to say that it has a mail: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.6
    startToCloseTimeout: '15 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumInterval: '1 minute' },
  });
  return tryUntilOver(() => tryToSend(input));
}
