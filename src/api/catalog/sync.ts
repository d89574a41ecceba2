import type { Log } from '../../log';
import type { CatalogTarget } from '../../messages/messages';
import { findConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import type { CoachAuth } from '../http/route';

/** Milliseconds that a request waits for Temporal to take an order. */
const TEMPORAL_TIMEOUT_MS = 5_000;

/**
 * Has a run push the present row to the connected account; without one there is nothing to do until the coach connects.
 * @throws ProblemError `temporarily_unavailable` (mapped) while Temporal is down: the row is saved, and the worker's sweep
 * (src/worker/catalog-sweep.ts) or a repetition pushes it.
 */
export async function syncAtStripe(
  deps: ApiDeps,
  auth: CoachAuth,
  target: CatalogTarget,
  log: Log,
): Promise<void> {
  const { coachId, mode } = auth;
  const connection = await findConnected(deps.db, coachId, mode);
  if (connection === null) return;
  await deps.workflows.withDeadline(TEMPORAL_TIMEOUT_MS, () =>
    deps.workflows.syncCatalog(target, { coachId, mode, accountId: connection.accountId }),
  );
  log.debug({ target: target.id }, 'catalog change handed over');
}

/** The same where nothing is lost while Temporal is down: the answer says what is wanted, and the worker's sweep has it done. */
export async function syncLater(
  deps: ApiDeps,
  auth: CoachAuth,
  target: CatalogTarget,
  log: Log,
): Promise<void> {
  try {
    await syncAtStripe(deps, auth, target, log);
  } catch (error) {
    log.warn({ target: target.id, error: (error as Error).name }, 'catalog change is left to the sweep');
  }
}

/**
 * Starts the run of a provisioning. While Temporal is down the row stays pending, and the answer says so by its status:
 * the worker gives rows without a run one, and POST /v1/prices/{id}/retry does it at once.
 */
export async function startProvisioning(
  deps: ApiDeps,
  auth: CoachAuth,
  provisioning: { id: string; accountId: string },
  log: Log,
): Promise<void> {
  const { coachId, mode } = auth;
  try {
    await deps.workflows.withDeadline(TEMPORAL_TIMEOUT_MS, () =>
      deps.workflows.startPriceProvisioning(provisioning.id, {
        coachId,
        mode,
        accountId: provisioning.accountId,
      }),
    );
  } catch (error) {
    log.warn(
      { provisioningId: provisioning.id, error: (error as Error).name },
      'price provisioning could not be started',
    );
  }
}
