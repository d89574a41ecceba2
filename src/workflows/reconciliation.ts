import { continueAsNew, log, patched, setCurrentDetails } from '@temporalio/workflow';
import { backgroundActivities } from './background';

/** What a sweep has repaired so far, and where it goes on. */
export interface ReconciliationProgress {
  after: string | null;
  accounts: number;
  failedAccounts: number;
  eventsRecovered: number;
  membershipsWoken: number;
}

/** Accounts that are looked at side by side; the next begins when any of them is done, so a slow one holds up none. */
const CONCURRENCY = 5;

/**
 * Asks Stripe what it did not, or could not, tell: the events of every connected account since the last sweep, and the
 * memberships that may differ. One page of accounts a run; the result says what was repaired.
 */
export async function reconciliation(
  progress: ReconciliationProgress = {
    after: null,
    accounts: 0,
    failedAccounts: 0,
    eventsRecovered: 0,
    membershipsWoken: 0,
  },
): Promise<ReconciliationProgress> {
  const { listConnectedAccounts } = backgroundActivities({
    startToCloseTimeout: '30 seconds',
    retry: { maximumInterval: '1 minute' },
  });
  // It works in pages and goes on where it was: a worker that dies costs seconds, not the sweep.
  const { reconcileAccount } = backgroundActivities({
    startToCloseTimeout: '10 minutes',
    retry: { maximumInterval: '1 minute', maximumAttempts: 5 },
  });
  setCurrentDetails(
    `Looked at ${progress.accounts} accounts: ${progress.eventsRecovered} events recovered, ` +
      `${progress.membershipsWoken} memberships looked at again, ${progress.failedAccounts} accounts not readable.`,
  );
  const accounts = await listConnectedAccounts({ after: progress.after });
  const next = { ...progress };
  const reconcile = async ({ id: _id, ...account }: (typeof accounts)[number]) => {
    next.accounts += 1;
    try {
      const repair = await reconcileAccount(account);
      next.eventsRecovered += repair.eventsRecovered;
      next.membershipsWoken += repair.membershipsWoken;
    } catch {
      // One account that cannot be read does not keep the others waiting; the next sweep tries again.
      next.failedAccounts += 1;
      log.warn('An account could not be reconciled', { accountId: account.accountId, mode: account.mode });
    }
  };
  if (patched('accounts-in-lanes')) {
    const left = accounts[Symbol.iterator]();
    const lane = async () => {
      for (const account of left) await reconcile(account);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  } else
    for (let i = 0; i < accounts.length; i += CONCURRENCY)
      await Promise.all(accounts.slice(i, i + CONCURRENCY).map(reconcile));
  const last = accounts.at(-1);
  if (last === undefined) return next;
  return continueAsNew<typeof reconciliation>({ ...next, after: last.id });
}
