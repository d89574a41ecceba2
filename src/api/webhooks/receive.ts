import type { IncomingMessage } from 'node:http';
import readBody from 'raw-body';
import { ProblemError } from '../../domain/problem';
import { createDeliveries, type Stored } from '../../store/deliveries';
import { whyForeign } from '../../stripe/event-types';
import type { ApiDeps } from '../deps';
import type { Metrics } from '../http/metrics';
import { type VerifiedEvent, verifyWebhook } from './verifier';

/** Larger than any event of Stripe's. */
const LIMIT = '2mb';

/** What a delivery said and what became of it, for the log. */
export type Received = Pick<VerifiedEvent, 'eventId' | 'type' | 'mode' | 'accountId'> & { outcome: Stored };

/**
 * Takes a delivery of Stripe's: reads and verifies it, and resolves when its row is durable; once for each request, whoever
 * asks again. @throws ProblemError for what is not Stripe's, the error of `raw-body` for a body that is none, and that of Postgres
 */
export type Receive = (request: IncomingMessage) => Promise<Received>;

export function createReceive({ pool, config, log }: ApiDeps, metrics: Metrics): Receive {
  const deliveries = createDeliveries(pool);
  const modes = (['test', 'live'] as const).filter((mode) => config.stripe.modes[mode] !== undefined);

  const verify = (body: Buffer, signature: string | undefined): VerifiedEvent => {
    try {
      const now = Math.floor(Date.now() / 1000);
      return verifyWebhook(body, signature, config.stripe.webhookSecrets, modes, now);
    } catch (error) {
      const outcome = error instanceof ProblemError ? error.code : 'failed';
      metrics.webhooks.inc({ mode: 'unknown', outcome });
      log.warn({ outcome }, 'webhook refused');
      throw error;
    }
  };

  const take = async (request: IncomingMessage): Promise<Received> => {
    const { 'content-length': length, 'content-encoding': encoding = 'identity' } = request.headers;
    // What is signed is what is sent: Stripe compresses nothing, and what unpacks to megabytes is not unpacked.
    if (encoding.toLowerCase() !== 'identity')
      throw new ProblemError('unsupported_media_type', 'A delivery of Stripe is not compressed.', {
        field: 'Content-Encoding',
      });
    const body = await readBody(request, { limit: LIMIT, length: length ?? null }).catch((error: unknown) => {
      // The rest is let go, or the connection could not be used again.
      request.resume();
      throw error;
    });
    // Of several headers of the name Node makes one, with commas.
    const event = verify(body, request.headers['stripe-signature'] as string | undefined);
    const outcome = await deliveries.store({ ...event, foreign: whyForeign(event) });
    metrics.webhooks.inc({ mode: event.mode, outcome });
    const { eventId, type, mode, accountId } = event;
    return { eventId, type, mode, accountId, outcome };
  };

  const taken = new WeakMap<IncomingMessage, Promise<Received>>();
  return (request) => {
    const receiving = taken.get(request) ?? take(request);
    taken.set(request, receiving);
    return receiving;
  };
}
