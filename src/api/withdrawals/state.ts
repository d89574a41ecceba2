import type { Withdrawal } from '../../db/generated/client';
import { acknowledgeWithdrawal } from '../../store/withdrawal-mails';
import { type NewWithdrawal, receiveWithdrawal } from '../../store/withdrawals';
import type { ApiDeps } from '../deps';
import { readSettings } from '../settings';

/** Milliseconds that a request waits for Temporal; the row is there, so a run comes anyhow. */
const TEMPORAL_TIMEOUT_MS = 5_000;

type Deps = Pick<ApiDeps, 'db' | 'config' | 'workflows' | 'log'>;

/** Writes a statement down, acknowledges it, and gives it its run. */
export async function stateWithdrawal(
  deps: Deps,
  stated: Omit<NewWithdrawal, 'refund'>,
): Promise<Withdrawal> {
  const { db, config } = deps;
  const { withdrawalRefund: refund } = await readSettings(db, stated.coachId, stated.mode);
  const row = await db.$transaction(async (tx) => {
    const received = await receiveWithdrawal(tx, { ...stated, refund });
    if (received.isNew) await acknowledgeWithdrawal(tx, config.encryptionKey, received.row);
    return received.row;
  });
  await tellRun(deps, row);
  return row;
}

/** Its run looks at the row; where Temporal is down, the worker's sweep starts one later. */
export async function tellRun(
  { workflows, log }: Pick<ApiDeps, 'workflows' | 'log'>,
  { id, coachId, mode, memberId }: Withdrawal,
): Promise<void> {
  await workflows
    .withDeadline(TEMPORAL_TIMEOUT_MS, () => workflows.withdrawalChanged(id, { coachId, mode, memberId }))
    .catch((error: unknown) => {
      log.warn(
        { withdrawalId: id, err: error instanceof Error ? error.name : 'unknown' },
        'A withdrawal waits for its run',
      );
    });
}
