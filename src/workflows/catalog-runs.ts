import { ParentClosePolicy, proxyActivities, startChild } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities } from '../activities';
import type { CatalogPlan } from '../activities/connection-catalog';
import type { ConnectionInput, EntityInput } from '../messages/messages';
import { catalogChangeStart, priceProvisioningStart } from '../messages/start-options';
import { catalogChange } from './catalog-change';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { priceProvisioning } from './price-provisioning';

const { planCatalogPage } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '5 minutes' },
});

/** Pages that one run of a connection starts runs for: Temporal allows 2,000 children at a time. */
const PAGES_A_RUN = 5;

/**
 * Brings the coach's catalog onto the account, page by page. Returns where the next run goes on after a few pages, for the
 * children of a run that has ended count no more; null: all of it was brought.
 */
export async function bringCatalog(input: ConnectionInput): Promise<string | null> {
  const { connectionId } = input;
  let after = input.catalogAfter === undefined ? '' : input.catalogAfter;
  for (let pages = 0; after !== null && pages < PAGES_A_RUN; pages++) {
    const page = await planCatalogPage({ connectionId, after });
    await startCatalogRuns(input, page);
    after = page?.next ?? null;
  }
  return after;
}

/** Starts the runs that bring an account up to the coach's catalog; they outlive the connection's. */
export async function startCatalogRuns(
  { mode, coachId }: EntityInput,
  plan: CatalogPlan | null,
): Promise<void> {
  if (plan === null) return;
  const owner = { mode, coachId, accountId: plan.accountId };
  const parentClosePolicy = ParentClosePolicy.ABANDON;
  await Promise.all([
    ...plan.provisioningIds.map((id) =>
      unlessStarted(
        startChild(priceProvisioning, { ...priceProvisioningStart(id, owner), parentClosePolicy }),
      ),
    ),
    ...plan.stale.map((target) =>
      unlessStarted(startChild(catalogChange, { ...catalogChangeStart(target, owner), parentClosePolicy })),
    ),
  ]);
}

/** A run of that row exists: it is the right one. */
async function unlessStarted(start: Promise<unknown>): Promise<void> {
  try {
    await start;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
