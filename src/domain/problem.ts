/**
 * Every way a request can fail that a person gets to see: a stable code, the HTTP status and what to do next.
 * Activities and update handlers throw them as `ApplicationFailure` with `type` = code; the API turns them into
 * problem+json (RFC 9457).
 */
export const PROBLEMS = {
  not_connected: { status: 409, todo: 'Connect a Stripe account first (POST /v1/connection).' },
  charges_not_enabled: {
    status: 409,
    todo: 'Complete the verification that Stripe asks for; GET /v1/connection lists what is due.',
  },
  already_connected: {
    status: 409,
    todo: 'Disconnect the present Stripe account before connecting another.',
  },
  account_in_use: {
    status: 409,
    todo: 'This Stripe account belongs to another coach here. Choose another account in Stripe.',
  },
  connection_not_returned: {
    status: 409,
    todo: 'Go to the address that POST /v1/connection answers and approve there first.',
  },
  connection_token_invalid: { status: 400, todo: 'Start again with POST /v1/connection.' },
  confirmation_required: { status: 409, todo: 'Send {"confirm": true} to go on.' },
  connection_unclear: {
    status: 502,
    todo: "Stripe's answer was lost. Connect again with POST /v1/connection.",
  },
  connection_refused: {
    status: 409,
    todo: 'Stripe refused the authorization. Connect again with POST /v1/connection.',
  },
  price_not_active: { status: 409, todo: 'Choose an active price of this product.' },
  sales_not_started: {
    status: 409,
    todo: 'Sell it from the time in the details (`salesStartAt`) on, or change that.',
  },
  sales_ended: {
    status: 409,
    todo: 'Choose another price, or change the end of sales (PATCH /v1/prices/{id}).',
  },
  price_being_replaced: {
    status: 409,
    todo: 'Wait until the new price is active or failed (GET /v1/prices/{id}).',
  },
  coupon_not_active: { status: 409, todo: 'Choose a coupon that is active, or make another one.' },
  coupon_not_retryable: {
    status: 409,
    todo: 'Only a coupon that failed, or is not on the connected account, is tried again.',
  },
  promotion_code_exists: { status: 409, todo: 'Choose another word, or archive the code that has it.' },
  promotion_code_refused: {
    status: 409,
    todo: 'Buy without the code, or with another one; `reason` in the details says why it does not count.',
  },
  product_archived: { status: 409, todo: 'Choose an active product.' },
  already_subscribed: {
    status: 409,
    todo: 'Change the price of the present membership instead (POST /v1/memberships/{id}/change-price).',
  },
  already_owned: { status: 409, todo: 'The member has this product for ever; there is nothing to buy.' },
  payment_open: {
    status: 409,
    todo: 'Send the member to the address in the details (`payUrl`) to pay what is open; they do not need to buy again.',
  },
  amount_too_small: {
    status: 409,
    todo: 'Choose a higher amount: Stripe does not charge less than the amount in the details (`leastCharge`).',
  },
  checkout_closed: { status: 409, todo: 'Open a new checkout.' },
  checkout_in_progress: {
    status: 409,
    todo: 'A payment for this product is still on its way; wait for its outcome.',
  },
  free_already_had: {
    status: 409,
    todo: 'A free product is given once; extend or give it again with POST /v1/grants/{id}/extend.',
  },
  too_many_holds: {
    status: 409,
    todo: 'Finish or cancel an open checkout first: one buyer holds only a few limited seats at a time.',
  },
  sold_out: { status: 409, todo: 'Try again later: a seat comes back when a checkout is not finished.' },
  too_many_webhook_endpoints: {
    status: 409,
    todo: 'Delete one that is not needed any more (DELETE /v1/webhook-endpoints/{id}).',
  },
  mail_not_sendable: {
    status: 409,
    todo: 'Read what became of it (GET /v1/mails/{id}). A link to sign in is asked for anew by the member.',
  },
  webhook_endpoint_disabled: {
    status: 409,
    todo: 'Switch the endpoint on first (POST /v1/webhook-endpoints/{id}/enable).',
  },
  grant_not_gift: { status: 409, todo: 'Cancel, refund or extend the purchase instead (/v1/memberships).' },
  member_has_memberships: {
    status: 409,
    todo: 'Cancel the memberships in the details first (POST /v1/memberships/{id}/cancel), or send "endMemberships": true.',
  },
  erasure_begun: { status: 409, todo: 'An erasure that has begun cannot be taken back.' },
  withdrawal_settled: {
    status: 409,
    todo: 'It is decided already; GET /v1/withdrawals/{id} says what became of it.',
  },
  payment_not_refundable: {
    status: 409,
    todo: 'GET /v1/payments/{id} says how the payment stands. What was not paid through Stripe is given back where it was paid.',
  },
  refund_too_large: {
    status: 409,
    todo: 'Refund what is left (`left` in the details, minor units), or less.',
  },
  refund_in_progress: {
    status: 409,
    todo: 'A refund of this payment is being made; GET /v1/payments/{id} says what became of it.',
  },
  membership_ended: { status: 409, todo: 'The membership has ended; the member can buy again.' },
  membership_in_installments: {
    status: 409,
    todo: 'Installments are paid to the end, or cancelled at once (`at: "now"`).',
  },
  membership_paused: {
    status: 409,
    todo: 'Resume the membership first (POST /v1/memberships/{id}/resume), or send "prorate": false.',
  },
  membership_payment_due: {
    status: 409,
    todo: 'Wait until the open payment is settled, or send "prorate": false.',
  },
  payment_declined: {
    status: 409,
    todo: 'Let the member give another card (POST /v1/members/{id}/portal), or send "prorate": false.',
  },
  membership_disputed: {
    status: 409,
    todo: 'Wait for the outcome of the dispute, or send "prorate": false.',
  },
  price_move_in_progress: {
    status: 409,
    todo: 'Wait until the move of this product is over, or cancel it (POST /v1/price-moves/{id}/cancel).',
  },
  price_move_ended: {
    status: 409,
    todo: 'The move is over; GET /v1/price-moves/{id} says what became of it.',
  },
  live_mode_only: {
    status: 409,
    todo: 'Ask with a key of live mode: what is copied is written there.',
  },
  live_copy_in_progress: {
    status: 409,
    todo: 'Wait until the copying is over, or cancel it (POST /v1/live-copies/{id}/cancel).',
  },
  live_copy_ended: {
    status: 409,
    todo: 'The copying is over; GET /v1/live-copies/{id} says what became of it.',
  },
  no_stripe_customer: {
    status: 409,
    todo: 'The portal is for members who bought something through the Stripe account that is connected now.',
  },
  membership_not_subscription: { status: 409, todo: 'A one-off purchase has nothing to cancel or resume.' },
  membership_items_unclear: {
    status: 409,
    todo: 'In the Stripe Dashboard, leave one item of this product on the subscription; other products may stay.',
  },
  redirect_not_allowed: {
    status: 422,
    todo: "Register the address's origin under PATCH /v1/settings first.",
  },
  checkout_not_open: {
    status: 409,
    todo: 'Only an open checkout can be cancelled; GET it to see what became of it.',
  },
  price_not_retryable: { status: 409, todo: 'Only a price whose creation at Stripe failed is tried again.' },
  mode_off: { status: 409, todo: 'This installation has no Stripe key for that mode; use the other mode.' },
  clock_not_movable: { status: 409, todo: 'Time moves forward only, on a connected account.' },
  not_parked: { status: 409, todo: 'Only a parked event can be tried again.' },
  invalid_request: { status: 400, todo: 'Correct the named field; /openapi.json describes every request.' },
  malformed_json: { status: 400, todo: 'Send one JSON object, encoded as UTF-8.' },
  unsupported_media_type: { status: 415, todo: 'Send the body as application/json.' },
  payload_too_large: { status: 413, todo: 'Send less: 100 kB at most.' },
  unauthorized: {
    status: 401,
    todo: 'Send the header "Authorization: Bearer <key>" with a key that is not revoked.',
  },
  not_signed_in: { status: 401, todo: 'Sign in at /console.' },
  sign_in_failed: {
    status: 401,
    todo: 'Copy the whole key again; it begins with ses_test_ or ses_live_.',
  },
  mode_not_signed_in: { status: 403, todo: 'Sign in with an API key of that mode too.' },
  csrf_invalid: {
    status: 403,
    todo: 'Read GET /console/api/session again, and send its csrfToken as the header X-CSRF-Token.',
  },
  wrong_key: {
    status: 403,
    todo: "Use a key of the right kind: /v1/coaches, /v1/api-keys and operations take the platform key, the rest a coach's key.",
  },
  last_owner: { status: 409, todo: 'Make somebody else an owner first, who has signed in.' },
  person_exists: {
    status: 409,
    todo: 'Change the role of the person in the details instead (PATCH /v1/people/{id}).',
  },
  address_taken: {
    status: 409,
    todo: 'If the two are one person, merge them (POST /v1/members/{id}/merge); otherwise choose another address.',
  },
  same_member: {
    status: 409,
    todo: 'Name two members: the one who stays, and the one who is merged into them.',
  },
  member_being_erased: { status: 409, todo: 'Take the erasure back first, or let it come to its end.' },
  member_erased: { status: 409, todo: 'Who was erased cannot be known again: there is nothing to merge.' },
  too_many_views: { status: 409, todo: 'Remove a saved view first.' },
  too_many_people: { status: 409, todo: 'Remove somebody first, or go on tomorrow.' },
  mails_off: {
    status: 409,
    todo: 'Sign in with an API key. Who runs this installation can have it send mails (SMTP_URL, MAIL_FROM).',
  },
  role_not_allowed: {
    status: 403,
    todo: 'Ask somebody who has one of the roles in the details (`allowed`), or use a key with one of the scopes there (`scopes`).',
  },
  member_token_invalid: {
    status: 403,
    todo: 'Go back to the site and click the button again: it signs a fresh link. GET /v1/signing-secrets lists what it may sign with.',
  },
  member_token_outdated: {
    status: 403,
    todo: 'Make a signing secret (POST /v1/signing-secrets), sign the token with it, and name its id as "kid" in the token\'s header.',
  },
  route_not_found: { status: 404, todo: 'Check the path; /docs lists every route.' },
  method_not_allowed: { status: 405, todo: 'Use one of the methods in the Allow header.' },
  idempotency_key_reused: { status: 422, todo: 'Use a new Idempotency-Key for a different request.' },
  idempotency_in_progress: {
    status: 409,
    todo: 'The first request with this key is still being processed; repeat it in a moment.',
  },
  webhook_signature_invalid: {
    status: 400,
    todo: 'Check that the signing secret of this endpoint is configured here.',
  },
  webhook_scope_invalid: {
    status: 400,
    todo: 'Check the mode and the scope (platform or connected accounts) of this endpoint in Stripe.',
  },
  webhook_body_invalid: { status: 400, todo: 'Only events of Stripe are taken here.' },
  rate_limited: {
    status: 429,
    todo: 'Wait as many seconds as the header Retry-After says; RateLimit-Policy has the limits.',
  },
  internal: {
    status: 500,
    todo: 'Try again with the same Idempotency-Key; if it persists, quote the request id.',
  },
  not_found: { status: 404, todo: 'Check the id, and that the key is of the right coach and mode.' },
  stripe_refused: { status: 502, todo: 'Stripe refused the request; the details say why.' },
  stripe_unavailable: {
    status: 503,
    todo: 'Stripe cannot be reached at the moment. Try again with the same Idempotency-Key.',
  },
  temporarily_unavailable: { status: 503, todo: 'Try again in a moment with the same Idempotency-Key.' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** A refusal that the caller is told about. Never retried. */
export class ProblemError extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'ProblemError';
  }
}
