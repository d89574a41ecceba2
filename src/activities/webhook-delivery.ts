import { decrypt, DecryptionError } from '../db/encryption';
import type { WebhookEndpoint } from '../db/generated/client';
import { type FactBody, factBody } from '../domain/fact-body';
import { type Seconds, toSeconds } from '../domain/time';
import { retryAfterOf, SECRET_UNREADABLE } from '../domain/webhook-delivery';
import type { WebhookDeliveryInput } from '../messages/messages';
import { webhookSecretContext } from '../store/webhook-endpoints';
import {
  giveUp,
  presentStateOf,
  readDelivery,
  recordTry,
  type WholeDelivery,
} from '../store/webhook-deliveries';
import { type Receipt, send } from '../webhooks-out/send';
import { signedHeaders } from '../webhooks-out/sign';
import type { ActivityDeps } from './deps';

/** How a delivery stands, for its run and for operators. */
export interface DeliveryState {
  status: string;
  waitsFor: string;
  /** Seconds until the next try; null: there is none. */
  waitSeconds: Seconds | null;
}

const GONE: DeliveryState = {
  status: 'gone',
  waitsFor: 'Nothing: the endpoint or the event is no more.',
  waitSeconds: null,
};

/** Activities of what is told to receivers. What is told is read here, and is in no history. */
export function createWebhookDeliveryActivities({ db, clock, log, encryptionKey, receivers }: ActivityDeps) {
  /** The secrets that sign: the one in use, and the one before for as long as it is valid. */
  function secretsOf(endpoint: WebhookEndpoint, at: Date): string[] {
    const { sealed, oldSealed, oldExpiresAt } = endpoint;
    const isOldValid = oldSealed !== null && oldExpiresAt !== null && oldExpiresAt > at;
    return [sealed, ...(isOldValid ? [oldSealed] : [])].map((each) =>
      decrypt(encryptionKey, each, webhookSecretContext(endpoint)),
    );
  }

  async function letterOf({ endpoint, fact }: WholeDelivery) {
    const body: FactBody = factBody(fact, await presentStateOf(db, fact));
    const text = JSON.stringify(body);
    const at = new Date();
    return {
      url: endpoint.url,
      body: text,
      headers: signedHeaders(secretsOf(endpoint, at), { id: fact.id, at, body: text }),
    };
  }

  /** One try; where the secret cannot be read there is nothing that the receiver could verify, and nothing is sent. */
  async function sendTo(delivery: WholeDelivery): Promise<Receipt> {
    try {
      return await send(await letterOf(delivery), receivers);
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      log.error(
        { endpointId: delivery.endpointId },
        'The secret of a receiver cannot be read: is ENCRYPTION_KEY another?',
      );
      return { status: null, error: SECRET_UNREADABLE, latencyMs: 0, answer: null, retryAfter: undefined };
    }
  }

  async function stateOf(input: WebhookDeliveryInput, now: Seconds): Promise<DeliveryState> {
    const delivery = await readDelivery(db, input);
    if (delivery === null) return GONE;
    const { status, tries, nextTryAt } = delivery;
    if (status === 'delivered')
      return { status, waitsFor: 'Nothing: the receiver has it.', waitSeconds: null };
    if (status === 'failed')
      return { status, waitsFor: 'Somebody who has it delivered again.', waitSeconds: null };
    const waitSeconds = nextTryAt === null ? 0 : Math.max(0, toSeconds(nextTryAt) - now);
    return { status: 'sending', waitsFor: `The next try, after ${tries}.`, waitSeconds };
  }

  return {
    /**
     * One try, where one is due. Only what a receiver has accepted is delivered; where the worker dies between the answer
     * and its row, it is told again under the same id, by which receivers know it.
     */
    async tryToDeliver(input: WebhookDeliveryInput): Promise<DeliveryState> {
      const delivery = await readDelivery(db, input);
      if (delivery === null) return GONE;
      const now = await clock.now(input.mode, null);
      const before = await stateOf(input, now);
      if (before.waitSeconds !== 0) return before;
      if (delivery.endpoint.status === 'disabled') await giveUp(db, delivery, now);
      else {
        const { status, error, latencyMs, answer, retryAfter } = await sendTo(delivery);
        const { endpointId, factId } = input;
        log.info({ endpointId, factId, status, error, latencyMs }, 'A receiver was told of an event');
        const tried = { status, error, latencyMs, answer, retryAfter: retryAfterOf(retryAfter, now) };
        await recordTry(db, delivery, tried, await clock.now(input.mode, null));
      }
      return stateOf(input, await clock.now(input.mode, null));
    },
  };
}
