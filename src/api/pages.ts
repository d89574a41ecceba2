import type { DocumentedPage } from './http/openapi';

/** What the documentation says of the addresses that are no JSON routes. */
export const PAGES: readonly DocumentedPage[] = [
  {
    method: 'post',
    path: '/webhooks/stripe',
    tag: 'Stripe',
    summary: "Stripe's events",
    description:
      'Signed by Stripe (`Stripe-Signature`), for connected accounts and the platform, in both modes. Answered once the event is stored.',
    responses: {
      200: 'Stored, or known already',
      400: 'Not signed by Stripe for this endpoint',
      503: 'Deliver again later',
    },
  },
  {
    method: 'get',
    path: '/healthz',
    tag: 'Operations',
    summary: 'The process runs',
    description: 'Asks nothing else.',
    responses: { 200: 'It does' },
  },
  {
    method: 'get',
    path: '/readyz',
    tag: 'Operations',
    summary: 'Postgres and Temporal can be reached',
    description:
      'With `?need=database` only Postgres has to be: webhooks and access checks work while Temporal is down, so a load balancer asks that.',
    responses: { 200: 'Ready', 503: 'Not ready; the body says what is missing' },
  },
  {
    method: 'get',
    path: '/metrics',
    tag: 'Operations',
    summary: 'Metrics for Prometheus',
    description: 'Takes the platform key as a bearer token.',
    responses: { 200: 'Prometheus text format', 401: 'Without the platform key' },
  },
];
