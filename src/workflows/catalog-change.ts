import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { failureOf } from './failures';
import type { CatalogChangeInput } from '../messages/messages';
import { createVisibility } from './visibility';
import { hearOfRow } from './row-changes';

const { pushCatalog } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '20 hours',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumInterval: '5 minutes' },
});

/**
 * Pushes a product or price of the catalog to Stripe as its row now is. Edits that come while it works are pushed by
 * one more round, however many they are.
 */
export async function catalogChange(input: CatalogChangeInput): Promise<{ status: string }> {
  const { target } = input;
  const show = createVisibility();
  const changes = hearOfRow();
  do {
    changes.seen();
    show({ status: 'pushing', waitsFor: `Stripe takes the present state of ${target.kind} ${target.id}.` });
    try {
      await pushCatalog({ target });
    } catch (error) {
      // A later edit may be taken where this one was refused.
      if (!changes.any()) throw failureOf(error);
    }
  } while (changes.any());
  show({ status: 'pushed', waitsFor: 'Nothing: Stripe has the present state.' });
  return { status: 'pushed' };
}
