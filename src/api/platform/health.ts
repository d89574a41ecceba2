import { Router } from 'express';
import type { ApiDeps } from '../deps';
import { refuseOtherMethods } from '../http/methods';
import { RETRY_AFTER } from '../http/problem';

/** Milliseconds within which a part has to answer to count as there. */
const CHECK_TIMEOUT_MS = 2000;

async function answers(check: () => Promise<unknown>): Promise<'ok' | 'unreachable'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return 'ok';
  } catch {
    return 'unreachable';
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `/healthz`: the process runs. `/readyz`: Postgres and Temporal can be reached, 503 otherwise. Webhooks and access checks need Postgres
 * only, so a load balancer asks `/readyz?need=database`: while Temporal is down the API stays in its rotation.
 */
export function healthRouter(deps: ApiDeps): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (req, res) => {
    const [database, temporal] = await Promise.all([
      answers(() => deps.db.$queryRaw`SELECT 1`),
      req.query.need === 'database' ? 'not_asked' : answers(() => deps.temporalReady()),
    ]);
    const ready = database === 'ok' && temporal !== 'unreachable';
    if (!ready) res.setHeader('Retry-After', RETRY_AFTER);
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not_ready', database, temporal });
  });
  for (const path of ['/healthz', '/readyz']) refuseOtherMethods(router, path, ['GET']);
  return router;
}
