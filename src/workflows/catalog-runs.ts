import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { CatalogPage, CatalogPlan } from '../activities/connection-catalog';
import { catalogChange } from './catalog-change';
import { catalogWorkflowId, priceWorkflowId } from '../messages/ids';
import type { EntityInput } from '../messages/messages';
import { priceProvisioning } from './price-provisioning';
import { CoachId, ModeAttribute, StripeAccountId } from '../messages/search-attributes';

/** Starts the runs of one page. */
export async function startCatalogPage(owner: EntityInput, page: CatalogPage | null): Promise<void> {
  if (page !== null) await startCatalogRuns(owner, page);
}

/** Brings a newly connected account up to the coach's catalog; the runs outlive the connection's. */
export async function startCatalogRuns(owner: EntityInput, plan: CatalogPlan | null): Promise<void> {
  if (plan === null) return;
  const { mode, coachId } = owner;
  const options = {
    taskQueue: workflowInfo().taskQueue,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: CoachId, value: coachId },
      { key: ModeAttribute, value: mode },
      { key: StripeAccountId, value: plan.accountId },
    ]),
  };
  await Promise.all([
    ...plan.provisioningIds.map((provisioningId) =>
      unlessStarted(
        startChild(priceProvisioning, {
          ...options,
          workflowId: priceWorkflowId(provisioningId),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
          args: [{ mode, coachId, provisioningId }],
          staticSummary: `Price provisioning ${provisioningId} (${mode})`,
        }),
      ),
    ),
    ...plan.stale.map((target) =>
      unlessStarted(
        startChild(catalogChange, {
          ...options,
          workflowId: catalogWorkflowId(target.id),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          args: [{ mode, coachId, target }],
          staticSummary: `Change of ${target.kind} ${target.id} (${mode})`,
        }),
      ),
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
