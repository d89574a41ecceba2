import { CancellationScope, log, patched, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import type { ProvisioningProblem } from '../domain/price-provisioning';
import type { PriceProvisioningInput, ProvisioningView } from '../messages/messages';
import { problemOf } from './problem-of';
import { SOMEBODY_WAITS } from './retries';
import { createVisibility } from './visibility';
import { noteUnknownSignals } from './unknown-signals';

const { loadProvisioning, withdrawPrice, recordRefused, pushCatalog } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: SOMEBODY_WAITS,
});

// Stripe forgets idempotency keys after 24 hours, so a create is not tried for longer than that.
const { provisionProduct, provisionPrice, recordProvisioned } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '10 hours',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: SOMEBODY_WAITS,
});

/** Makes one price exist on one Stripe account; a failure half-way leaves nothing of it active and says why. */
export async function priceProvisioning(input: PriceProvisioningInput): Promise<ProvisioningView> {
  const { provisioningId } = input;
  const show = createVisibility();
  noteUnknownSignals();

  const { ended, accountId, ...outcome } = await loadProvisioning({ provisioningId });
  if (ended) return outcome;
  const tell = (status: string, waitsFor: string) => show({ status, waitsFor, accountId });

  // The way back covers every call from the first one on: an answer that is lost may have created something.
  try {
    tell('provisioning', 'Stripe creates the product, if it is missing.');
    const { stripeProductId } = await provisionProduct({ provisioningId });
    tell('provisioning', 'Stripe creates the price.');
    const prices = await provisionPrice({ provisioningId, stripeProductId });
    const { archivedMeanwhile, priceId, replacedPriceId } = await recordProvisioned({
      provisioningId,
      stripeProductId,
      ...prices,
    });
    const stale = [
      ...(archivedMeanwhile ? [priceId] : []),
      ...(replacedPriceId == null ? [] : [replacedPriceId]),
    ];
    for (const id of stale)
      if (patched('recorded-is-recorded')) await pushRecorded(id);
      else await pushCatalog({ target: { kind: 'price', id } });
    tell('provisioned', 'Nothing: Stripe has the price.');
    return { status: 'provisioned', failureCode: null, failureMessage: null };
  } catch (error) {
    const problem = problemOf(error);
    tell('withdrawing', 'Stripe takes back what this attempt may have created.');
    const refused = await CancellationScope.nonCancellable(() => withdraw(provisioningId, problem));
    tell('refused', `Nothing. ${refused.failureMessage ?? ''}`);
    return refused;
  }
}

/**
 * The price is recorded and on sale: what follows from that, as archiving the one that it replaces, is pushed again by
 * the sweep if Stripe refuses it now, and never takes the new price back.
 */
async function pushRecorded(id: string): Promise<void> {
  try {
    await CancellationScope.nonCancellable(() => pushCatalog({ target: { kind: 'price', id } }));
  } catch (error) {
    log.warn('What follows from a new price could not be pushed yet', { priceId: id, ...problemOf(error) });
  }
}

/** A refusal of Stripe's to take back what is there does not hide why the attempt failed. */
async function withdraw(provisioningId: string, problem: ProvisioningProblem): Promise<ProvisioningView> {
  try {
    return await withdrawPrice({ provisioningId, problem });
  } catch (error) {
    log.error('Stripe did not let an attempt be taken back', { provisioningId, ...problemOf(error) });
    return await recordRefused({ provisioningId, problem });
  }
}
