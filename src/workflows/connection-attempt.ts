import { isCancellation, log, proxyActivities } from '@temporalio/workflow';
import type { Activities, ActivitiesAtTemporal } from '../activities';
import type { ConnectionState } from '../store/connection-state';
import { type ConnectionRun, isAttempt } from './connection-run';
import { confirmationFailure, failureOf } from './failures';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { SOMEBODY_WAITS } from './retries';

const {
  loadConnection,
  abandonConnection,
  failConnection,
  settleConnection: syncConnection,
} = proxyActivities<ActivitiesAtTemporal>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: SOMEBODY_WAITS,
});

/** What cannot be taken back at Stripe: a cancelled run waits for its outcome. */
const { prepareAccount, exchangeCode, deauthorizeAccount } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '10 minutes',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: SOMEBODY_WAITS,
});

/** Waits for the coach to come back from Stripe and to confirm, and takes the account, or sees the attempt end. */
export async function attemptToConnect(run: ConnectionRun, connectionId: string): Promise<ConnectionState> {
  let state = run.become(await loadConnection({ connectionId }));
  while (isAttempt(state)) {
    const woken = await run.untilWokenOr(state);
    if (run.isAsked('confirm')) state = await confirm(run, connectionId);
    else if (run.isAsked('prepare')) state = await prepare(run, connectionId);
    else if (woken) state = run.become(await loadConnection({ connectionId }));
    else state = run.become(await abandonConnection({ connectionId, deadline: state.deadline ?? state.now }));
  }
  return state;
}

/** The attempt gets an account of its own before the coach's browser is sent to Stripe (account links). */
async function prepare(run: ConnectionRun, connectionId: string): Promise<ConnectionState> {
  try {
    const state = run.become(await prepareAccount({ connectionId }));
    run.answer('prepare', state);
    return state;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureOf(error);
    // The next attempt is a new row with keys of its own: Stripe would repeat this refusal for a day.
    const state = await failConnection({
      connectionId,
      endReason: failure.type ?? 'stripe_unavailable',
    });
    run.refuse('prepare', failure);
    return run.become(state);
  }
}

/** The coach has confirmed: take the account, for which an authorization is exchanged once. */
async function confirm(run: ConnectionRun, connectionId: string): Promise<ConnectionState> {
  let accountId: string | undefined;
  try {
    ({ accountId } = await exchangeCode({ connectionId }));
    return run.become(await syncConnection({ connectionId, accountId }));
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = confirmationFailure(error);
    const early = failure.type === 'connection_not_returned';
    const state = early
      ? await loadConnection({ connectionId })
      : await failConnection({ connectionId, endReason: failure.type ?? 'connection_unclear' });
    // Refused only now: whoever reads the connection after the answer finds it as the answer says.
    run.refuse('confirm', failure);
    if (accountId !== undefined) await unlink(connectionId, accountId);
    return run.become(state);
  }
}

/** Gives back the authorization that could not be used, if Stripe can be reached; the coach connects again anyway. */
async function unlink(connectionId: string, accountId: string): Promise<void> {
  try {
    await deauthorizeAccount({ connectionId, accountId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('An unused authorization could not be given back', { connectionId, accountId });
  }
}
