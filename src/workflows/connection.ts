import { condition } from '@temporalio/workflow';
import type { ConnectionInput } from './messages';

/** Connects a coach to a Stripe account and stays with the link until it ends. */
export async function connection(input: ConnectionInput): Promise<void> {
  await condition(() => input.connectionId === '');
}
