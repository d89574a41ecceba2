import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, ActivitiesAtTemporal } from '../activities';
import { LOOK_AFTER_FAILURE } from '../domain/connection';
import type { ConnectionInput } from '../messages/messages';
import type { ConnectionState } from '../store/connection-state';
import { bringCatalog, startCatalogRuns } from './catalog-runs';
import { attemptToConnect } from './connection-attempt';
import { ConnectionRun } from './connection-run';
import { failureOf } from './failures';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { SOMEBODY_WAITS } from './retries';

const {
  settleConnection: syncConnection,
  findSuccessor,
  planCatalog,
  countUnsettled,
} = proxyActivities<ActivitiesAtTemporal>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: SOMEBODY_WAITS,
});

/** What cannot be taken back at Stripe: a cancelled run waits for its outcome. */
const { beginDisconnecting, deauthorizeAccount } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '10 minutes',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: SOMEBODY_WAITS,
});

// As many sessions as there are open; a try that is lost goes on where it was.
const { expireOpenSessions } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '1 hour',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
});

/** Seconds between looks at what a disconnection still waits for: 16 in all, then it goes on. */
const DRAIN_PAUSES = [0.25, 0.5, 1, 2, 4, 8];

/**
 * A coach's link to one Stripe account: waits for the coach to come back from Stripe, takes the account, watches what
 * Stripe says of the account for as long as the link lasts, and cuts it when the coach wants that.
 */
export async function connection(input: ConnectionInput): Promise<{ status: string }> {
  const { connectionId } = input;
  const run = new ConnectionRun(connectionId);

  let state = await attemptToConnect(run, connectionId);
  if (state.status === 'connected') {
    if (patched('catalog-in-pages')) {
      const after = await bringCatalog(input);
      // Whoever waits for an answer of this run is not kept waiting: then the relay's sweep starts what is left.
      if (after !== null && allHandlersFinished())
        await continueAsNew<typeof connection>({ ...input, catalogAfter: after });
    } else await startCatalogRuns(input, await planCatalog({ connectionId }));
  }
  while (!state.ended) {
    const leaving = state.status === 'disconnecting' || run.isAsked('disconnect');
    state = await orLater(run, state, () => (leaving ? leave(run, connectionId) : look(run, connectionId)));
    if (state.ended) break;
    await run.untilWokenOr(state);
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished())
      // The new run's first act is a look, so nothing that was said meanwhile is lost.
      await continueAsNew<typeof connection>(
        patched('catalog-in-pages') ? { ...input, catalogAfter: null } : input,
      );
  }

  await condition(allHandlersFinished);
  // Whoever spoke while this run was ending is heard: an event to settle, or the coach, who connects again.
  let next: string | null;
  do {
    await look(run, connectionId);
    next = await findSuccessor({ connectionId });
  } while (run.takeWoken());
  if (next !== null) {
    const { mode, coachId } = input;
    await continueAsNew<typeof connection>({ mode, coachId, connectionId: next });
  }
  return { status: state.status };
}

async function look(run: ConnectionRun, connectionId: string): Promise<ConnectionState> {
  return run.become(await syncConnection({ connectionId }));
}

/** The coach leaves: nothing new is sold, nothing that Stripe has told us is lost, then the link is cut. */
async function leave(run: ConnectionRun, connectionId: string): Promise<ConnectionState> {
  const { accountId } = run.become(await beginDisconnecting({ connectionId }));
  await expireOpenSessions({ connectionId });
  for (const pause of DRAIN_PAUSES) {
    if ((await countUnsettled({ connectionId })) === 0) break;
    await sleep(pause * 1000);
  }
  if (accountId !== null) await deauthorizeAccount({ connectionId, accountId });
  return look(run, connectionId);
}

/** A failure that retries cannot mend (a rolled platform key, say) is shown to operators; the run goes on later. */
async function orLater(
  run: ConnectionRun,
  state: ConnectionState,
  work: () => Promise<ConnectionState>,
): Promise<ConnectionState> {
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureOf(error);
    run.refuse('disconnect', failure);
    const waitsFor = `The last look failed (${failure.message}); looks again within the hour.`;
    return run.become({ ...(run.present ?? state), waitsFor, deadline: state.now + LOOK_AFTER_FAILURE });
  }
}
