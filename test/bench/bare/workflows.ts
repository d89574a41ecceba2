import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** A workflow that does nothing: what Temporal itself takes. */
export async function doNothing(): Promise<void> {
  // What there is to do has been done.
}

/** One activity that does nothing: what a purchase needs at least. */
export async function callNothing(): Promise<void> {
  await nothing();
}
