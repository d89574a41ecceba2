import { Router } from 'express';
import { ProblemError } from '../../domain/problem';
import { clientOf } from '../http/client-address';
import type { Limiter } from '../http/limits';
import { refuseOtherMethods } from '../http/methods';
import { ANSWER, PATH } from './ahead';
import type { Receive } from './receive';

/**
 * Where Stripe delivers. Verify, commit one inbox row, answer 200: the relay in the worker takes it from there, told
 * by a trigger of the table. While the database is down Stripe gets a 5xx and delivers again later. Most deliveries are
 * answered ahead of it (ahead.ts): what comes here is refused, has failed, or is addressed in another way.
 */
export function webhookRouter(receive: Receive, limiter: Limiter): Router {
  const router = Router();
  router.post(PATH, async (req, res) => {
    try {
      res.locals.facts = await receive(req);
    } catch (error) {
      // What Stripe signed is never counted, however much it is.
      if (error instanceof ProblemError) await limiter.take(res, 'failed_webhook', clientOf(req));
      throw error;
    }
    res.json(ANSWER);
  });
  refuseOtherMethods(router, PATH, ['POST']);
  return router;
}
