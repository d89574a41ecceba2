import { Router } from 'express';
import type { ApiDeps } from '../deps';
import { createAuthenticate } from '../http/auth';
import { refuseOtherMethods } from '../http/methods';
import type { Metrics } from '../http/metrics';

/** `/metrics` for Prometheus, which sends the platform key (`authorization.credentials` of the scrape configuration). */
export function metricsRouter({ config, db }: ApiDeps, metrics: Metrics): Router {
  const router = Router();
  const authenticate = createAuthenticate(config, db);
  router.get('/metrics', async (req, res) => {
    await authenticate('platform', req.get('Authorization'));
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  refuseOtherMethods(router, '/metrics', ['GET']);
  return router;
}
