/**
 * Who may do what: every operation of the OpenAPI document with the roles that may do it. This is the one place; the API
 * refuses what is not here (src/api/http/permit.ts), and a build with an operation that has no line stops.
 */

/** What a person is to a coach, and what a key is good for. Of a key `owner` is called `full`. */
export const ROLES = ['owner', 'finance', 'support', 'read_only'] as const;
export type Role = (typeof ROLES)[number];

/**
 * `change`: who asks for it, and what came of it, goes into the audit log. `sale`: what a coach's server does for buyers all
 * day, which the timeline and the facts have; of it, as of what only reads (`read`), the audit log has the refusals.
 */
type Kind = 'read' | 'sale' | 'change';

/** Who may do an operation, and what kind it is. */
export interface Permission {
  /** `platform`: the platform's own key alone. `anybody`: no key at all. */
  may: readonly Role[] | 'platform' | 'anybody';
  kind: Kind;
}

const may =
  (kind: Kind) =>
  (...roles: readonly Role[]): Permission => ({ may: roles, kind });
const [change, sale] = [may('change'), may('sale')];
const read = may('read')(...ROLES);
const readBy = may('read');
const platformReads: Permission = { may: 'platform', kind: 'read' };
const platformChanges: Permission = { may: 'platform', kind: 'change' };
const anybody: Permission = { may: 'anybody', kind: 'read' };

/** The matrix. An operation is called as the OpenAPI document has it: its method, and its path with parameters in braces. */
export const OPERATIONS: Readonly<Record<string, Permission>> = {
  'GET /v1/connection': read,
  'POST /v1/connection': change('owner'),
  'POST /v1/connection/confirm': change('owner'),
  'POST /v1/connection/disconnect': change('owner'),
  'GET /v1/connection/diagnosis': read,

  'POST /v1/products': change('owner'),
  'GET /v1/products': read,
  'GET /v1/products/{id}': read,
  'PATCH /v1/products/{id}': change('owner'),
  'POST /v1/products/{id}/archive': change('owner'),
  'POST /v1/products/{id}/prices': change('owner'),
  'GET /v1/products/{id}/prices': read,
  'GET /v1/prices/{id}': read,
  'PATCH /v1/prices/{id}': change('owner'),
  'POST /v1/prices/{id}/replace': change('owner'),
  'POST /v1/prices/{id}/archive': change('owner'),
  'POST /v1/prices/{id}/retry': change('owner'),
  'POST /v1/prices/{id}/move-members': change('owner'),
  'GET /v1/price-moves': read,
  'GET /v1/price-moves/{id}': read,
  'GET /v1/price-moves/{id}/members': read,
  'POST /v1/price-moves/{id}/cancel': change('owner'),
  'POST /v1/price-moves/{id}/retry': change('owner'),
  'GET /v1/live-copies/preview': read,
  'POST /v1/live-copies': change('owner'),
  'GET /v1/live-copies': read,
  'GET /v1/live-copies/{id}': read,
  'GET /v1/live-copies/{id}/items': read,
  'POST /v1/live-copies/{id}/cancel': change('owner'),

  'POST /v1/coupons': change('owner'),
  'GET /v1/coupons': read,
  'GET /v1/coupons/{id}': read,
  'POST /v1/coupons/{id}/archive': change('owner'),
  'POST /v1/coupons/{id}/retry': change('owner'),
  'GET /v1/coupons/{id}/redemptions': read,
  'POST /v1/coupons/{id}/promotion-codes': change('owner'),
  'GET /v1/promotion-codes': read,
  'GET /v1/promotion-codes/{id}': read,
  'POST /v1/promotion-codes/{id}/archive': change('owner'),

  'GET /buy/{priceId}/offer': anybody,
  'POST /v1/checkouts': sale('owner', 'support'),
  'GET /v1/checkouts': read,
  'GET /v1/checkouts/{id}': read,
  'POST /v1/checkouts/{id}/cancel': sale('owner', 'support'),
  'GET /v1/access': read,

  'POST /v1/members': change('owner', 'support'),
  'GET /v1/members': read,
  'GET /v1/members.csv': read,
  'GET /v1/member-addresses.csv': readBy('owner', 'support'),
  'POST /v1/member-views': change('owner', 'finance', 'support'),
  'GET /v1/member-views': read,
  'POST /v1/member-views/{id}/remove': change('owner', 'finance', 'support'),
  'GET /v1/members/{id}': read,
  'PATCH /v1/members/{id}': change('owner', 'support'),
  'GET /v1/members/{id}/timeline': read,
  'POST /v1/members/{id}/notes': change('owner', 'finance', 'support'),
  'GET /v1/members/{id}/notes': read,
  'PATCH /v1/member-notes/{id}': change('owner', 'finance', 'support'),
  'POST /v1/member-notes/{id}/remove': change('owner', 'finance', 'support'),
  'POST /v1/members/{id}/merge/preview': readBy('owner', 'support'),
  'POST /v1/members/{id}/merge': change('owner', 'support'),
  'GET /v1/members/{id}/export': readBy('owner', 'support'),
  'POST /v1/members/{id}/erase': change('owner'),
  'GET /v1/members/{id}/erasure': read,
  'POST /v1/members/{id}/erase/cancel': change('owner'),
  'POST /v1/members/{id}/portal': change('owner', 'support'),

  'GET /v1/comparison': read,
  'GET /v1/memberships': read,
  'GET /v1/memberships/{id}': read,
  'GET /v1/memberships/{id}/timeline': read,
  'POST /v1/memberships/{id}/cancel': change('owner', 'support'),
  'POST /v1/memberships/{id}/resume': change('owner', 'support'),
  'POST /v1/memberships/{id}/pause': change('owner', 'support'),
  'POST /v1/memberships/{id}/change-price': change('owner', 'support'),
  'POST /v1/memberships/{id}/change-price/preview': readBy('owner', 'support'),
  'POST /v1/grants': change('owner', 'support'),
  'POST /v1/grants/many': change('owner', 'support'),
  'GET /v1/grants': read,
  'POST /v1/grants/{id}/extend': change('owner', 'support'),
  'POST /v1/grants/{id}/revoke': change('owner', 'support'),

  'GET /v1/payments.csv': read,
  'GET /v1/payments/statement': read,
  'GET /v1/payments/statement.csv': read,
  'GET /v1/payments': read,
  'GET /v1/payments/{id}': read,
  'POST /v1/payments/{id}/refund/preview': readBy('owner', 'finance'),
  'POST /v1/payments/{id}/refunds': change('owner', 'finance'),
  'GET /v1/withdrawals': read,
  'GET /v1/withdrawals/{id}': read,
  'POST /v1/withdrawals/{id}/accept': change('owner', 'finance'),
  'POST /v1/withdrawals/{id}/refuse': change('owner', 'finance'),
  'GET /v1/overview': read,
  'GET /v1/figures': read,
  'GET /v1/figures.csv': read,
  'GET /v1/figures/movements': read,
  'GET /v1/figures/movements.csv': read,

  'GET /v1/events': read,
  'GET /v1/events/{id}': read,
  'POST /v1/webhook-endpoints': change('owner'),
  'GET /v1/webhook-endpoints': read,
  'GET /v1/webhook-endpoints/{id}': read,
  'PATCH /v1/webhook-endpoints/{id}': change('owner'),
  'DELETE /v1/webhook-endpoints/{id}': change('owner'),
  'POST /v1/webhook-endpoints/{id}/rotate-secret': change('owner'),
  'POST /v1/webhook-endpoints/{id}/disable': change('owner'),
  'POST /v1/webhook-endpoints/{id}/enable': change('owner'),
  'POST /v1/webhook-endpoints/{id}/test': change('owner'),
  'GET /v1/webhook-endpoints/{id}/deliveries': read,
  'GET /v1/webhook-endpoints/{id}/deliveries/{eventId}': read,
  'POST /v1/webhook-endpoints/{id}/deliveries/{eventId}/redeliver': change('owner'),
  'POST /v1/webhook-endpoints/{id}/redeliver': change('owner'),

  'GET /v1/mails': read,
  'GET /v1/mails/{id}': read,
  'POST /v1/mails/{id}/send-again': change('owner', 'support'),
  'GET /v1/mail-suppressions': read,
  'POST /v1/mail-suppressions/{id}/lift': change('owner', 'support'),
  'GET /v1/mail-settings': read,
  'PATCH /v1/mail-settings': change('owner'),
  'POST /v1/mail-previews': read,

  'GET /v1/settings': read,
  'PATCH /v1/settings': change('owner'),
  'PUT /v1/settings': change('owner'),
  'POST /v1/signing-secrets': change('owner'),
  'GET /v1/signing-secrets': readBy('owner'),
  'POST /v1/signing-secrets/{id}/expire': change('owner'),

  'GET /v1/people': readBy('owner'),
  'POST /v1/people': change('owner'),
  'PATCH /v1/people/{id}': change('owner'),
  'POST /v1/people/{id}/remove': change('owner'),
  'POST /v1/keys': change('owner'),
  'GET /v1/keys': readBy('owner'),
  'POST /v1/keys/{id}/revoke': change('owner'),
  'GET /v1/audit-log': readBy('owner'),
  'GET /v1/audit-log.csv': readBy('owner'),

  'POST /v1/coaches': platformChanges,
  'GET /v1/coaches': platformReads,
  'POST /v1/coaches/{id}/api-keys': platformChanges,
  'GET /v1/coaches/{id}/api-keys': platformReads,
  'POST /v1/api-keys/{id}/revoke': platformChanges,
  'POST /v1/coaches/{id}/console-links': platformChanges,
  'GET /v1/inbox': platformReads,
  'POST /v1/inbox/{id}/redrive': platformChanges,
  'GET /local/clock': platformReads,
  'POST /local/clock': platformReads,
  'GET /local/inbox': platformReads,
};

/** An operation as {@link OPERATIONS} calls it. */
export const operationName = ({ method, path }: { method: string; path: string }): string =>
  `${method.toUpperCase()} ${path}`;

/** What the OpenAPI document calls it in one word, and the audit log with it: `postV1Products`. */
export const operationIdOf = ({ method, path }: { method: string; path: string }): string =>
  `${method}${path.replaceAll(/[^A-Za-z0-9]+(\w)?/g, (_, c: string | undefined) => (c ?? '').toUpperCase())}`;

/** The line of an operation. @throws Error that says where to add one: there is no operation without */
export function permissionOf(operation: { method: string; path: string }): Permission {
  const name = operationName(operation);
  const found = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (found === undefined)
    throw new Error(
      `Nobody may do "${name}" yet: add a line for it to OPERATIONS in src/domain/permissions.ts, such as ` +
        `'${name}': change('owner') for a change, or read for what everybody may read.`,
    );
  return found;
}

/** What others may do with a coach's data and this role may not: the console has no button for it. */
export const refusedTo = (role: Role): string[] =>
  Object.entries(OPERATIONS)
    .filter(([, permission]) => Array.isArray(permission.may) && !mayDo(role, permission))
    .map(([name]) => name);

/** Whether a role may do it; whatever is not said, it may not. */
export const mayDo = (role: Role, { may: who }: Permission): boolean =>
  Array.isArray(who) && who.includes(role);
