import type Stripe from 'stripe';
import { closeDispute, updateDispute } from '../billing/disputes';
import { endpoint, type Endpoint } from '../http/endpoint';
import { inRange, page } from '../http/pagination';

/** https://docs.stripe.com/api/disputes */
export const disputeEndpoints: Endpoint[] = [
  endpoint<Stripe.DisputeListParams>('get /v1/disputes', ({ space, params, url }) => {
    const disputes = space
      .listFor('dispute', { charge: params.charge, payment_intent: params.payment_intent })
      .filter(
        (dispute) =>
          (params.charge === undefined || dispute.charge === params.charge) &&
          (params.payment_intent === undefined || dispute.payment_intent === params.payment_intent) &&
          inRange(dispute.created, params.created),
      );
    return page(disputes, params, url);
  }),
  endpoint('get /v1/disputes/{dispute}', ({ space, path }) => space.get('dispute', path.dispute ?? '')),
  endpoint<Stripe.DisputeUpdateParams>('post /v1/disputes/{dispute}', ({ space, params, path }) =>
    updateDispute(space, space.get('dispute', path.dispute ?? '').id, params),
  ),
  endpoint('post /v1/disputes/{dispute}/close', ({ space, path }) =>
    closeDispute(space, space.get('dispute', path.dispute ?? '').id),
  ),
];
