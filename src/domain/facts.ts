/**
 * What became true, by type: what `GET /v1/events` lists and webhooks tell. The database writes each in the transaction that
 * makes it so (prisma/migrations, `tell_…`); this is the list of what it may write, with the words of the documentation.
 * A type is never taken back or given another meaning within a version; new ones may come.
 */
export const FACTS = {
  'access.granted': 'A member has access to a product who had none',
  'access.changed': 'Access goes on, with another end',
  'access.ended': 'A member has no access to a product any more',
  'checkout.opened': "Stripe's page is there, and the member can pay",
  'checkout.pending': 'The member has finished, and the money is on its way',
  'checkout.completed': 'It is paid, or it was free',
  'checkout.expired': 'Nobody paid in time',
  'checkout.cancelled': 'It was closed before anybody paid',
  'checkout.failed': 'The payment failed, or the page could not be made',
  'checkout.needs_review': 'What came does not match what was sold; somebody has to look at it',
  'checkout.unverifiable': 'The account could no longer be read before the outcome was known',
  'checkout.refunding': 'The money came for a seat that is gone, and goes back',
  'checkout.refunded': 'That money has gone back',
  'connection.started': 'The coach has begun to connect an account',
  'connection.connected': 'The account is connected',
  'connection.updated': 'What the account can do, or has to bring, is different',
  'connection.disconnected': 'The account is disconnected',
  'connection.event_parked': 'An event of the account could not be worked on; an operator has to look',
  'connection.denied': 'The coach has declined',
  'connection.abandoned': 'The coach has not come back in time',
  'connection.failed': 'The account could not be connected',
  'member.created': 'A member is known',
  'member.updated': 'The address or the id of the coach for a member is different',
  'member.joined': 'Two were one person, and are one member now',
  'member.erased': 'Nothing here names the member any more',
  'membership.started': 'A purchase or subscription has begun',
  'membership.renewed': 'Another period is paid',
  'membership.past_due': 'A renewal is unpaid',
  'membership.recovered': 'What was unpaid is paid',
  'membership.canceling': 'It ends at a date ahead',
  'membership.resumed': 'A cancellation or pause is taken back, or what had ended goes on',
  'membership.paused': 'Nothing is collected for the time being',
  'membership.updated': 'Something else about it is different: its price, quantity, dates or reason',
  'membership.ended': 'It is over',
  'payment.succeeded': 'Money has reached the account of the coach',
  'payment.failed': 'A charge of a renewal failed',
  'payment.refunded': 'Money has gone back, all of it or a part',
  'payment.refund_failed': 'Money that was to go back has not',
  'payment.disputed': 'The member disputes a payment at their bank',
  'payment.dispute_closed': 'The bank has decided, or the dispute is withdrawn',
  'price.created': 'There is a new price',
  'price.activated': 'It is on sale',
  'price.updated': 'Its name, seats or another choice about it is different',
  'price.failed': 'Stripe refused it',
  'price.archived': 'It is not on sale any more',
  'withdrawal.received': 'Somebody has withdrawn from a contract',
  'withdrawal.proven': 'The member has signed in and said that it is theirs',
  'withdrawal.accepted': 'It counts, and what goes back is decided',
  'withdrawal.done': 'The subscription is over, and the money is on its way back',
  'withdrawal.refused': 'The coach does not accept it',
  'withdrawal.failed': 'It could not be carried out; the coach has to look',
  'withdrawal.due_soon': 'The coach has four more days until what was paid has to have gone back',
  'withdrawal.overdue': 'Nobody has decided in time',
  'webhook_endpoint.created': 'There is a new receiver of events',
  'webhook_endpoint.updated': 'Its address, types or description is different',
  'webhook_endpoint.secret_rotated': 'It has a new secret',
  'webhook_endpoint.disabled': 'It is switched off: by the coach, or as it failed for three days or is gone',
  'webhook_endpoint.enabled': 'It is switched on again',
  'webhook_endpoint.deleted': 'It is no more',
  'webhook_endpoint.test': 'A try, told to this receiver alone',
} as const;

export type FactType = keyof typeof FACTS;

export const FACT_TYPES = Object.keys(FACTS) as [FactType, ...FactType[]];

/** The version of the list and of what the states look like; told with every fact. */
export const FACTS_VERSION = 1;

/** Ids that facts concern besides the member's, by name. */
export const FACT_IDS = [
  'productId',
  'priceId',
  'checkoutId',
  'membershipId',
  'connectionId',
  'webhookEndpointId',
  'joinedMemberId',
  'withdrawalId',
  'stripeId',
] as const;
