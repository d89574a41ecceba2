import type { WorkflowDefinitionOptions } from '@temporalio/common';
import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import { catalogChange } from './catalog-change';
import { coupon } from './coupon';
import { customerAddress } from './customer-address';
import { priceProvisioning } from './price-provisioning';
import { reconciliation } from './reconciliation';
import { retention } from './retention';
import { stripeEvent } from './stripe-event';

/**
 * Over in seconds, or as soon as Stripe answers: where workers are versioned, such a run ends on the build that it began on.
 * All others wait for days, months, years, and go on with the build that is current, as the worker says for what says
 * nothing else (`src/worker/worker.ts`). https://docs.temporal.io/worker-versioning#versioning-behaviors
 */
const SHORT: ((...args: never[]) => Promise<unknown>)[] = [
  catalogChange,
  coupon,
  customerAddress,
  priceProvisioning,
  reconciliation,
  retention,
  stripeEvent,
];

/**
 * The server refuses every task of a worker without a version that names a behaviour, so it is named only by a worker that has
 * a version and does a run's first task. One that takes a run over, as the first was lost, names none: the run goes on with
 * the current build.
 */
function pinnedWhereItBegan(): WorkflowDefinitionOptions {
  const { currentDeploymentVersion, unsafe } = workflowInfo();
  // A worker without a version has a build id of the SDK's own making, and no deployment.
  const isVersioned = Boolean(currentDeploymentVersion?.deploymentName);
  return isVersioned && !unsafe.isReplaying ? { versioningBehavior: 'PINNED' } : {};
}

for (const workflow of SHORT) setWorkflowOptions(pinnedWhereItBegan, workflow);
