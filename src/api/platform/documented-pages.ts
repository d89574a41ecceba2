import { credentials, emailCredentials } from '../console/credentials';
import type { DocumentedPage } from '../http/openapi';

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
      413: 'More than two megabytes',
      415: 'Compressed: what is signed is what is sent',
      503: 'Deliver again later',
    },
  },
  {
    method: 'get',
    path: '/mails/unsubscribe/{token}',
    tag: 'Mails',
    summary: 'A member wants no more mails',
    description:
      'The link of mails that the contract does not need. It asks first: whoever follows links on the way unsubscribes nobody.',
    responses: { 200: 'The page that asks', 404: 'The link is not complete' },
  },
  {
    method: 'post',
    path: '/mails/unsubscribe/{token}',
    tag: 'Mails',
    summary: 'The answer to that page, and of a mail program',
    description: '`List-Unsubscribe-Post` (RFC 8058): one request, without a question.',
    responses: { 200: 'Unsubscribed', 404: 'The link is not complete' },
  },
  {
    method: 'get',
    path: '/connect/start/{token}',
    tag: 'Connection',
    summary: "Send the coach's browser to Stripe",
    description:
      'The address that POST /v1/connection answers. Good once, for 15 minutes, and for the browser alone that goes on from it. With account links it is a page first, which names the coach whose account it is going to be.',
    responses: {
      200: 'The page that asks',
      303: "To Stripe's authorization page",
      400: 'A page that says how to start again',
    },
  },
  {
    method: 'post',
    path: '/connect/start/{token}',
    tag: 'Connection',
    summary: "The answer to that page's question",
    description:
      'The form of the page, sent by the browser that it was shown to. No: the attempt has ended, and the account that was made stays empty.',
    responses: {
      200: 'Nothing was connected',
      303: "To Stripe's form",
      400: 'A page that says how to start again',
    },
  },
  {
    method: 'get',
    path: '/connect/callback',
    tag: 'Connection',
    summary: 'The browser comes back from Stripe',
    description:
      "After an approval by OAuth it leads to a page that names the coach and asks; else on to the coach UI's `returnUrl` with `connection_token`, `connection_error` or `connection_onboarding`. Bound to the attempt and to the browser that began it.",
    responses: {
      200: 'A page that asks whether the connection was refused, where Stripe does not say which one',
      303: 'To the page that asks, or to the coach UI',
      400: 'A page that says how to start again',
    },
  },
  {
    method: 'get',
    path: '/connect/approval/{id}',
    tag: 'Connection',
    summary: 'Whose business the approved account is connected to',
    description:
      'A page for the browser alone that approved at Stripe: it names the coach, says what a yes means, and waits for a click.',
    responses: { 200: 'The page', 400: 'A page that says how to start again' },
  },
  {
    method: 'post',
    path: '/connect/approval/{id}',
    tag: 'Connection',
    summary: "The answer to that page's question",
    description:
      "The form of the page. Yes leads on to the coach UI's `returnUrl` with `connection_token`; no forgets the approval, and leads nowhere.",
    responses: {
      200: 'Nothing was connected',
      303: 'To the coach UI',
      400: 'A page that says how to start again',
    },
  },
  {
    method: 'get',
    path: '/buy/{priceId}',
    tag: 'Pages',
    summary: 'The purchase page of a price',
    description:
      "For a link or button on the coach's site. An archived price leads to the one that replaced it. Parameters, all optional: `member` (a JSON Web Token, HS256, with `sub`: the coach's id for the member, `exp`: at most 24 hours ahead, and perhaps `email`; its header names as `kid` the signing secret of the coach and mode that it is signed with: POST /v1/signing-secrets), `successUrl` and `cancelUrl` (of a registered origin). Without `member` the buyer is the anonymous browser, joined to the e-mail address that Stripe collects; for what is free the page asks for one.",
    responses: {
      200: 'The page',
      303: 'To the price that replaced this one',
      403: 'The token of the member is not valid',
      404: 'No such price',
      409: 'It cannot be bought now; the page says why',
      410: 'No longer sold',
    },
  },
  {
    method: 'post',
    path: '/buy/{priceId}',
    tag: 'Pages',
    summary: 'The form of the purchase page',
    description:
      "Opens the checkout and leads to Stripe, so that crawlers do not. The amount is never the browser's. What is free is given at once; without `member` it takes the field `email`, which joins it to a member and proves nothing: the answer is the same whoever has that address, and names no checkout.",
    responses: {
      303: "To Stripe's hosted page; of what is free, to the success address",
      400: 'No e-mail address where one is asked for',
      403: 'The token of the member is not valid',
      404: 'No such price',
      409: 'It cannot be bought now; the page says why',
      410: 'No longer sold',
      422: 'An address whose origin is not registered',
      503: 'Not at the moment; the page can be tried again',
    },
  },
  {
    method: 'get',
    path: '/buy.js',
    tag: 'Pages',
    summary: 'A purchase button for any site',
    description:
      '`<script src=".../buy.js" async></script>` and `<session-buy price="amt_..." label="Join"><a href=".../buy/amt_...">Join</a></session-buy>`; the link inside is for browsers without scripts. The button says price and availability in the language of the page (`show-price="no"`: it does not), and has the latter in its attribute `availability` as well. `token` is the signed token of the member; `success-url` and `cancel-url` as of the purchase page. Style it with `--session-buy-color`, `--session-buy-text` or `::part(button)`. It works under a strict Content-Security-Policy: `script-src`, and for price and availability `connect-src`, with this address.',
    responses: { 200: 'JavaScript' },
  },
  {
    method: 'get',
    path: '/checkouts/{id}/return',
    tag: 'Pages',
    summary: 'Where Stripe sends a member who paid',
    description:
      'Asks Stripe, then leads to the success address of the checkout with `checkout` and `status` added (to the cancel address when nothing was paid). While the payment is unknown or on its way it is a page that says so and looks again by itself.',
    responses: { 200: 'Not known yet', 303: "Back to the coach's site", 404: 'No such checkout' },
  },
  {
    method: 'get',
    path: '/checkouts/{id}/cancelled',
    tag: 'Pages',
    summary: 'Where Stripe sends a member who did not pay',
    description:
      'Leads to the cancel address with `checkout` and `status` added. The checkout stays open until it expires.',
    responses: { 303: "Back to the coach's site", 404: 'No such checkout' },
  },
  {
    method: 'get',
    path: '/console',
    tag: 'Console',
    summary: "The coach's console",
    description: 'A page. So is every address below it that is no file of the app and nothing listed here.',
    responses: { 200: 'The page', 503: 'The console is not built here' },
  },
  {
    method: 'get',
    path: '/console/sign-in/{token}',
    tag: 'Console',
    summary: 'Sign in by a link',
    description:
      'The address that POST /v1/coaches/{id}/console-links answers: a page that names the coach, and whoever is signed in now, and waits for a click. Looking uses nothing up.',
    responses: { 200: 'The page that asks', 400: 'A page that says how to sign in' },
  },
  {
    method: 'post',
    path: '/console/sign-in/{token}',
    tag: 'Console',
    summary: "The answer to that page's question",
    description:
      'The form of the page, sent by the browser that it was shown to: another one is asked first. Good once.',
    responses: {
      303: 'To the console, signed in; back to the question where it was not asked here',
      400: 'A page that says how to sign in',
      403: 'Sent from another site',
    },
  },
  {
    method: 'get',
    path: '/console/api/sessions',
    tag: 'Console',
    summary: 'The browsers that are signed in',
    description:
      'Of the coach of this session: when each was signed in, when it was last used, its modes, and the last four characters of the key that opened each (null: a link did).',
    responses: { 200: 'The sessions', 401: 'Nobody is signed in' },
  },
  {
    method: 'delete',
    path: '/console/api/sessions',
    tag: 'Console',
    summary: 'Sign out everywhere else',
    description: 'Ends all sessions of the coach but this one. Needs `X-CSRF-Token`.',
    responses: { 200: 'How many there were', 401: 'Nobody is signed in', 403: 'Without the token' },
  },
  {
    method: 'delete',
    path: '/console/api/sessions/{id}',
    tag: 'Console',
    summary: 'End one session',
    description: 'Needs `X-CSRF-Token`.',
    responses: {
      204: 'Ended',
      401: 'Nobody is signed in',
      403: 'Without the token',
      404: 'No such session',
    },
  },
  {
    method: 'post',
    path: '/console/api/session',
    tag: 'Console',
    summary: 'Sign in with an API key',
    body: credentials,
    description:
      "The key of the same coach's other mode adds that mode; another coach's key replaces the session. Sets an HttpOnly cookie for /console.",
    responses: {
      200: 'The session',
      400: 'No JSON, or not of this form',
      401: 'Not a key of a coach',
      403: 'Sent from another site',
      413: 'More than 100 kB',
      415: 'Not said to be JSON',
    },
  },
  {
    method: 'post',
    path: '/console/api/sign-in-links',
    tag: 'Console',
    summary: 'Have a link mailed that signs a person in',
    body: emailCredentials,
    description:
      'To whoever was invited with this address, by any coach; the answer is the same for every address. The link works once, for a quarter of an hour, after a click on a page that names whom it signs in.',
    responses: {
      202: 'A link is on its way, if there is anybody',
      400: 'No JSON, or not of this form',
      403: 'Sent from another site',
      409: 'This installation sends no mails',
      413: 'More than 100 kB',
      415: 'Not said to be JSON',
    },
  },
  {
    method: 'get',
    path: '/console/api/session',
    tag: 'Console',
    summary: 'Who is signed in',
    description:
      "The coach, the modes and `csrfToken`, which every request but GET sends as `X-CSRF-Token`. With it, the routes of /v1 that take a coach's key are at /console/api/test/v1 and /console/api/live/v1; where a person works for several coaches (`coaches`), at /console/api/{coachId}/test/v1 and …/live/v1.",
    responses: { 200: 'The session', 401: 'Nobody' },
  },
  {
    method: 'delete',
    path: '/console/api/session',
    tag: 'Console',
    summary: 'Sign out',
    description: 'Needs `X-CSRF-Token`.',
    responses: { 204: 'Signed out', 401: 'Nobody is signed in', 403: 'Without the token' },
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
