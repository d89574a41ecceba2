import type Stripe from 'stripe';
import { emitRefundUpdated, refundCharge } from '../billing/refunds';
import { endpoint, type Endpoint } from '../http/endpoint';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';

/** https://docs.stripe.com/api/charges, /refunds, /balance_transactions */
export const paymentEndpoints: Endpoint[] = [
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
      .listFor('refund', { charge: params.charge, payment_intent: params.payment_intent })
      .filter(
        (refund) =>
          (params.charge === undefined || refund.charge === params.charge) &&
          (params.payment_intent === undefined || refund.payment_intent === params.payment_intent) &&
          inRange(refund.created, params.created),
      );
    return page(refunds, params, url);
  }),
  endpoint<Stripe.RefundUpdateParams>('post /v1/refunds/{refund}', ({ space, params, path }) => {
    const before = space.get('refund', path.refund ?? '');
    const after = space.update('refund', before.id, (draft) => {
      draft.metadata = mergedMetadata(draft.metadata, params.metadata);
    });
    emitRefundUpdated(space, before, after);
    return after;
  }),
  endpoint('get /v1/balance_transactions/{id}', ({ space, path }) =>
    space.get('balance_transaction', path.id ?? ''),
  ),
  endpoint<Stripe.BalanceTransactionListParams>('get /v1/balance_transactions', ({ space, params, url }) => {
    const transactions = space
      .listFor('balance_transaction', { source: params.source })
      .filter(
        (transaction) =>
          (params.source === undefined || transaction.source === params.source) &&
          (params.type === undefined || transaction.type === params.type) &&
          inRange(transaction.created, params.created),
      );
    return page(transactions, params, url);
  }),
];
