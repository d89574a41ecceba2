import type Stripe from 'stripe';
import { createSession } from '../checkout/create';
import { expireSession } from '../checkout/expiry';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';

/** https://docs.stripe.com/api/checkout/sessions */
export const checkoutSessionEndpoints: Endpoint[] = [
  endpoint<Stripe.Checkout.SessionCreateParams>('post /v1/checkout/sessions', ({ space, params }) =>
    createSession(space, params),
  ),
  endpoint<Stripe.Checkout.SessionListParams>('get /v1/checkout/sessions', ({ space, params, url }) => {
    const sessions = space
      .listFor('checkout.session', {
        payment_intent: params.payment_intent,
        subscription: params.subscription,
        customer: params.customer,
      })
      .filter(
        (session) =>
          (params.customer === undefined || session.customer === params.customer) &&
          (params.payment_intent === undefined || session.payment_intent === params.payment_intent) &&
          (params.subscription === undefined || session.subscription === params.subscription) &&
          (params.status === undefined || session.status === params.status) &&
          (params.customer_details?.email === undefined ||
            session.customer_details?.email?.toLowerCase() === params.customer_details.email.toLowerCase()) &&
          inRange(session.created, params.created),
      );
    return page(sessions, params, url);
  }),
  endpoint('get /v1/checkout/sessions/{session}', ({ space, path }) =>
    space.get('checkout.session', path.session ?? '', 'session'),
  ),
  endpoint<Stripe.Checkout.SessionUpdateParams>(
    'post /v1/checkout/sessions/{session}',
    ({ space, params, path }) => {
      const { id } = space.get('checkout.session', path.session ?? '', 'session');
      return space.update('checkout.session', id, (draft) => {
        draft.metadata = mergedMetadata(draft.metadata ?? {}, params.metadata);
      });
    },
  ),
  endpoint('post /v1/checkout/sessions/{session}/expire', ({ space, path }) => {
    const session = space.get('checkout.session', path.session ?? '', 'session');
    if (session.status !== 'open') {
      throw invalidRequest(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
      );
    }
    return expireSession(space, session.id);
  }),
  endpoint<Stripe.Checkout.SessionListLineItemsParams>(
    'get /v1/checkout/sessions/{session}/line_items',
    ({ space, params, path, url }) =>
      page(space.get('checkout.session', path.session ?? '', 'session')._emu.lines, params, url),
  ),
];
