import express, { Router } from 'express';
import { ProblemError } from '../../domain/problem';
import { createDeliveries } from '../../store/deliveries';
import { whyForeign } from '../../stripe/event-types';
import type { ApiDeps } from '../deps';
import { clientOf } from '../http/client-address';
import type { Limiter } from '../http/limits';
import { refuseOtherMethods } from '../http/methods';
import type { Metrics } from '../http/metrics';
import { type VerifiedEvent, verifyWebhook } from './verifier';

/**
 * Where Stripe delivers. Verify, commit one inbox row, answer 200: the relay in the worker takes it from there, told
 * by a trigger of the table. While the database is down Stripe gets a 5xx and delivers again later.
 */
export function webhookRouter({ pool, config, log }: ApiDeps, metrics: Metrics, limiter: Limiter): Router {
  const router = Router();
  const deliveries = createDeliveries(pool);

  const verify = (body: unknown, signature: string | undefined): VerifiedEvent => {
    try {
      const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const now = Math.floor(Date.now() / 1000);
      const modes = (['test', 'live'] as const).filter((mode) => config.stripe.modes[mode] !== undefined);
      return verifyWebhook(raw, signature, config.stripe.webhookSecrets, modes, now);
    } catch (error) {
      const outcome = error instanceof ProblemError ? error.code : 'failed';
      metrics.webhooks.inc({ mode: 'unknown', outcome });
      log.warn({ outcome }, 'webhook refused');
      throw error;
    }
  };

  // What is signed is what is sent: Stripe compresses nothing, and what unpacks to megabytes is not unpacked.
  const bytes = express.raw({ type: () => true, limit: '2mb', inflate: false });
  router.post('/webhooks/stripe', bytes, async (req, res) => {
    let event: VerifiedEvent;
    try {
      event = verify(req.body as unknown, req.get('Stripe-Signature'));
    } catch (error) {
      // What Stripe signed is never counted, however much it is.
      await limiter.take(res, 'failed_webhook', clientOf(req));
      throw error;
    }
    const outcome = await deliveries.store({ ...event, foreign: whyForeign(event) });
    metrics.webhooks.inc({ mode: event.mode, outcome });
    const { eventId, type, mode, accountId } = event;
    res.locals.facts = { eventId, type, mode, accountId, outcome };
    res.json({ received: true });
  });
  refuseOtherMethods(router, '/webhooks/stripe', ['POST']);
  return router;
}
