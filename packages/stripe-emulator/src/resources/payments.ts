import type Stripe from 'stripe';
import { refundCharge } from '../billing/refunds';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';

/** https://docs.stripe.com/api/payment_intents, /charges, /refunds, /balance_transactions */
export const paymentEndpoints: Endpoint[] = [
  endpoint('get /v1/payment_intents/{intent}', ({ space, path }) =>
    space.get('payment_intent', path.intent ?? '', 'intent'),
  ),
  endpoint<Stripe.PaymentIntentListParams>('get /v1/payment_intents', ({ space, params, url }) => {
    const intents = space
      .list('payment_intent')
      .filter(
        (intent) =>
          (params.customer === undefined || intent.customer === params.customer) &&
          inRange(intent.created, params.created),
      );
    return page(intents, params, url);
  }),
  endpoint<Stripe.PaymentIntentUpdateParams>(
    'post /v1/payment_intents/{intent}',
    ({ space, params, path }) => {
      const { id } = space.get('payment_intent', path.intent ?? '', 'intent');
      return space.update('payment_intent', id, (draft) => {
        draft.metadata = mergedMetadata(draft.metadata, params.metadata);
        if (params.description !== undefined) draft.description = params.description;
      });
    },
  ),
  endpoint<Stripe.PaymentIntentCancelParams>(
    'post /v1/payment_intents/{intent}/cancel',
    ({ space, params, path }) => {
      const before = space.get('payment_intent', path.intent ?? '', 'intent');
      if (before.status === 'succeeded' || before.status === 'canceled' || before.status === 'processing') {
        throw invalidRequest(
          `You cannot cancel this PaymentIntent because it has a status of ${before.status}.`,
          undefined,
          'payment_intent_unexpected_state',
        );
      }
      const intent = space.update('payment_intent', before.id, (draft) => {
        draft.status = 'canceled';
        draft.canceled_at = space.now();
        draft.cancellation_reason = params.cancellation_reason ?? null;
        draft.next_action = null;
      });
      space.emit('payment_intent.canceled', intent);
      return intent;
    },
  ),
  endpoint('get /v1/charges/{charge}', ({ space, path }) => space.get('charge', path.charge ?? '')),
  endpoint<Stripe.ChargeListParams>('get /v1/charges', ({ space, params, url }) => {
    const charges = space
      .listFor('charge', { payment_intent: params.payment_intent, customer: params.customer })
      .filter(
        (charge) =>
          (params.customer === undefined || charge.customer === params.customer) &&
          (params.payment_intent === undefined || charge.payment_intent === params.payment_intent) &&
          inRange(charge.created, params.created),
      );
    return page(charges, params, url);
  }),
  endpoint<Stripe.ChargeUpdateParams>('post /v1/charges/{charge}', ({ space, params, path }) => {
    const { id } = space.get('charge', path.charge ?? '');
    return space.change('charge', id, 'charge.updated', (draft) => {
      draft.metadata = mergedMetadata(draft.metadata, params.metadata);
      if (params.description !== undefined) draft.description = params.description;
    });
  }),
  endpoint<Stripe.RefundCreateParams>('post /v1/refunds', ({ space, params }) => refundCharge(space, params)),
  endpoint('get /v1/refunds/{refund}', ({ space, path }) => space.get('refund', path.refund ?? '')),
  endpoint<Stripe.RefundListParams>('get /v1/refunds', ({ space, params, url }) => {
    const refunds = space
      .listFor('refund', { charge: params.charge })
      .filter(
        (refund) =>
          (params.charge === undefined || refund.charge === params.charge) &&
          (params.payment_intent === undefined || refund.payment_intent === params.payment_intent) &&
          inRange(refund.created, params.created),
      );
    return page(refunds, params, url);
  }),
  endpoint<Stripe.RefundUpdateParams>('post /v1/refunds/{refund}', ({ space, params, path }) => {
    const { id } = space.get('refund', path.refund ?? '');
    return space.change('refund', id, 'refund.updated', (draft) => {
      draft.metadata = mergedMetadata(draft.metadata, params.metadata);
    });
  }),
  endpoint('get /v1/balance_transactions/{id}', ({ space, path }) =>
    space.get('balance_transaction', path.id ?? ''),
  ),
  endpoint<Stripe.BalanceTransactionListParams>('get /v1/balance_transactions', ({ space, params, url }) => {
    const transactions = space
      .list('balance_transaction')
      .filter(
        (transaction) =>
          (params.source === undefined || transaction.source === params.source) &&
          (params.type === undefined || transaction.type === params.type) &&
          inRange(transaction.created, params.created),
      );
    return page(transactions, params, url);
  }),
];
