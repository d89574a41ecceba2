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
    path: '/connect/start/{token}',
    tag: 'Connection',
    summary: "Send the coach's browser to Stripe",
    description: 'The address that POST /v1/connection answers. Good once, for 15 minutes.',
    responses: { 303: "To Stripe's authorization page", 400: 'A page that says how to start again' },
  },
  {
    method: 'get',
    path: '/connect/callback',
    tag: 'Connection',
    summary: 'The browser comes back from Stripe',
    description:
      "Leads on to the coach UI's `returnUrl` with `connection_token` or `connection_error`. Bound to the attempt and to the browser that began it.",
    responses: { 303: 'To the coach UI', 400: 'A page that says how to start again' },
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
