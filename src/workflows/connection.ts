import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  log,
  patched,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, ActivitiesAtTemporal } from '../activities';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import type { ConnectionState } from '../store/connection-state';
import { LOOK_AFTER_FAILURE } from '../domain/connection';
import { startCatalogPage, startCatalogRuns } from './catalog-runs';
import { ConnectionRun, isAttempt } from './connection-run';
import { confirmationFailure, failureOf } from './failures';
import type { ConnectionInput } from '../messages/messages';

const {
  loadConnection,
  abandonConnection,
  failConnection,
  settleConnection: syncConnection,
  findSuccessor,
  planCatalog,
  planCatalogPage,
  countUnsettled,
} = proxyActivities<ActivitiesAtTemporal>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '5 minutes' },
});

/** What cannot be taken back at Stripe: a cancelled run waits for its outcome. */
const { prepareAccount, exchangeCode, beginDisconnecting, deauthorizeAccount } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '10 minutes',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
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

  let state = run.become(await loadConnection({ connectionId }));
  while (isAttempt(state)) {
    const woken = await run.untilWokenOr(state);
    if (run.isAsked('confirm')) state = await confirm(run, connectionId);
    else if (run.isAsked('prepare')) state = await prepare(run, connectionId);
    else if (woken) state = run.become(await loadConnection({ connectionId }));
    else state = run.become(await abandonConnection({ connectionId, deadline: state.deadline ?? state.now }));
  }

  if (state.status === 'connected') {
    if (patched('catalog-in-pages')) await bringCatalog(input);
    else await startCatalogRuns(input, await planCatalog({ connectionId }));
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

/** Runs that one run of a connection starts for the catalog: Temporal allows 2,000 children at a time. */
const PAGES_A_RUN = 5;

/**
 * Brings the coach's catalog onto the account, page by page; after a few pages the next run goes on from there, for the
 * children of a run that has ended count no more. Whoever waits for an answer of this run is not kept waiting: then the
 * relay's sweep starts what is left.
 */
async function bringCatalog(input: ConnectionInput): Promise<void> {
  const { connectionId } = input;
  let after = input.catalogAfter === undefined ? '' : input.catalogAfter;
  for (let pages = 0; after !== null && pages < PAGES_A_RUN; pages++) {
    const page = await planCatalogPage({ connectionId, after });
    await startCatalogPage(input, page);
    after = page?.next ?? null;
  }
  if (after !== null && allHandlersFinished())
    await continueAsNew<typeof connection>({ ...input, catalogAfter: after });
}

async function look(run: ConnectionRun, connectionId: string): Promise<ConnectionState> {
  return run.become(await syncConnection({ connectionId }));
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
