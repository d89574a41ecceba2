import { Router } from 'express';
import type { Identify } from '../http/identify';
import { refuseOtherMethods } from '../http/methods';
import type { Metrics } from '../http/metrics';

/** `/metrics` for Prometheus, which sends the platform key (`authorization.credentials` of the scrape configuration). */
export function metricsRouter(identify: Identify, metrics: Metrics): Router {
  const router = Router();
  router.get('/metrics', async (req, res) => {
    await identify('platform', req, res);
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  refuseOtherMethods(router, '/metrics', ['GET']);
  return router;
}
