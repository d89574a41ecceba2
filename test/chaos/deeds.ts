import { idempotencyKey } from '@session/sdk';
import { DAY } from '../model/catalog';
import type { Reference } from '../model/reference';
import type { DeedName } from './deed-names';
import type { EmulatorSide } from './emulator';
import { patiently, Refused } from './patience';
import type { Shop } from './shop';

/** What a deed is done to. */
export interface Subject {
  number: number;
  shop: Shop;
  stripe: EmulatorSide;
  checkoutId: string;
  sessionId: string;
  /** What should come of it; it has this one purchase. */
  reference: Reference;
}

const ONE = { number: 1 };
const MEMBER = 'ada';
/** Minor units: less than anything costs. */
const A_PART = 100;
const CANCEL_IN_DAYS = 20;

/** Done until it is done, and entered into the reference. Every one looks first whether an earlier try had its effect. */
export async function perform(deed: DeedName, subject: Subject): Promise<void> {
  await patiently(`${deed} of purchase ${subject.number}`, () => PERFORM[deed](subject));
  APPLY[deed](subject.reference);
}

const PERFORM: Record<DeedName, (subject: Subject) => Promise<unknown>> = {
  nothing: () => Promise.resolve(),
  refund: (subject) => refund(subject, null),
  refund_part: (subject) => refund(subject, A_PART),
  refund_here: (subject) => refundHere(subject, false),
  refund_here_keeping: (subject) => refundHere(subject, true),
  dispute: (subject) => dispute(subject, null),
  dispute_won: (subject) => dispute(subject, 'won'),
  dispute_lost: (subject) => dispute(subject, 'lost'),
  cancel_now: (subject) => ask(subject, 'cancel', { at: 'now' }),
  cancel_at_period_end: (subject) => ask(subject, 'cancel', { at: 'period_end' }),
  cancel_in_portal: cancelInPortal,
  pause: (subject) => ask(subject, 'pause', {}),
  pause_and_resume: async (subject) => {
    await ask(subject, 'pause', {});
    await ask(subject, 'resume', {});
  },
  card_fails: breakCard,
  card_fails_and_recovers: breakCard,
  dashboard_quantity: async (subject) => {
    const { id, items } = await subscriptionOf(subject);
    await update(subject, id, {
      'items[0][id]': items.data[0]?.id ?? '',
      'items[0][quantity]': '2',
      proration_behavior: 'none',
    });
  },
  dashboard_cancel_at: async (subject) => {
    const { id, cancel_at: present } = await subscriptionOf(subject);
    const at = subject.reference.now + CANCEL_IN_DAYS * DAY;
    if (present === null) await update(subject, id, { cancel_at: String(at), proration_behavior: 'none' });
  },
  dashboard_cancel: async (subject) => {
    const { id, status } = await subscriptionOf(subject);
    if (status !== 'canceled') await onAccount(subject, 'DELETE', `/v1/subscriptions/${id}`);
  },
  dashboard_coupon: async (subject) => {
    const { id, discounts } = await subscriptionOf(subject);
    if (discounts.length > 0) return;
    const fields = { percent_off: '25', duration: 'forever' };
    const { id: coupon } = (await onAccount(subject, 'POST', '/v1/coupons', fields)) as { id: string };
    await update(subject, id, { 'discounts[0][coupon]': coupon });
  },
  dashboard_pause: async (subject) => {
    const { id } = await subscriptionOf(subject);
    await update(subject, id, { 'pause_collection[behavior]': 'void' });
  },
};

const APPLY: Record<DeedName, (model: Reference) => void> = {
  nothing: () => undefined,
  refund: (model) => model.refund(ONE, 'fully'),
  refund_part: (model) => model.refund(ONE, 'partly'),
  refund_here: (model) => model.refund(ONE, 'fully', false),
  refund_here_keeping: (model) => model.refund(ONE, 'fully', true),
  dispute: (model) => model.dispute(ONE, 'open'),
  dispute_won: (model) => {
    model.dispute(ONE, 'open');
    model.dispute(ONE, 'won');
  },
  dispute_lost: (model) => {
    model.dispute(ONE, 'open');
    model.dispute(ONE, 'lost');
  },
  cancel_now: (model) => model.cancel(ONE, 'now'),
  cancel_at_period_end: (model) => model.cancel(ONE, 'period_end'),
  cancel_in_portal: (model) => model.cancel(ONE, 'period_end'),
  pause: (model) => model.pause(ONE, null),
  pause_and_resume: (model) => {
    model.pause(ONE, null);
    model.resume(ONE);
  },
  card_fails: (model) => model.card(MEMBER, false),
  card_fails_and_recovers: (model) => model.card(MEMBER, false),
  dashboard_quantity: (model) => model.quantity(ONE, 2),
  dashboard_cancel_at: (model) => model.cancelAt(ONE, model.now + CANCEL_IN_DAYS * DAY),
  dashboard_cancel: (model) => model.cancel(ONE, 'now'),
  dashboard_coupon: (model) => model.coupon(ONE, 25),
  dashboard_pause: (model) => model.pause(ONE, null),
};

/** The member has a card that works again, and pays what is open; a month later, say. */
export async function recover(subject: Subject): Promise<void> {
  const [one] = subject.reference.subscriptions();
  if (one === undefined || one.status === 'canceled') return;
  await patiently(`recovery of purchase ${subject.number}`, async () => {
    const { id } = await subscriptionOf(subject);
    await trigger(subject, 'payment_method_recovers', { subscription: id });
    const path = `/v1/invoices?subscription=${id}&status=open&limit=100`;
    const open = (await onAccount(subject, 'GET', path)) as { data: { id: string }[] };
    for (const invoice of open.data.reverse())
      await onAccount(subject, 'POST', `/v1/invoices/${invoice.id}/pay`);
  });
  subject.reference.card(MEMBER, true);
}

/** A request of the coach's server about the membership, which there is as soon as the product knows of the payment. */
async function ask(
  { shop, number, checkoutId }: Subject,
  action: 'cancel' | 'pause' | 'resume',
  body: { at?: 'now' | 'period_end' },
): Promise<void> {
  const { session } = shop.business;
  const { membershipId } = await session.get('/v1/checkouts/{id}', {
    params: { path: { id: checkoutId } },
  });
  if (membershipId === null) throw new Error('There is no membership yet.');
  const params = { path: { id: membershipId }, ...idempotencyKey(`chaos-${number}-${action}`) };
  await session.post(`/v1/memberships/{id}/${action}`, { params, body });
}

/** A list of Stripe's. */
interface ListOf<T> {
  data: T[];
}

interface Charge {
  amount: number;
  amount_refunded: number;
}

async function refund(subject: Subject, amount: number | null): Promise<void> {
  const payment_intent = await paymentOf(subject);
  const { data } = (await onAccount(
    subject,
    'GET',
    `/v1/charges?payment_intent=${payment_intent}`,
  )) as ListOf<Charge & { status: string }>;
  const charge = data.find(({ status }) => status === 'succeeded');
  const left = amount === null ? (charge?.amount ?? 0) - (charge?.amount_refunded ?? 0) : 0;
  if (charge === undefined || (amount === null ? left === 0 : charge.amount_refunded > 0)) return;
  await trigger(subject, 'refund', { payment_intent, ...(amount === null ? {} : { amount }) });
}

/** The coach's server asks for it, as soon as the product knows of the payment. */
async function refundHere(subject: Subject, keepAccess: boolean): Promise<void> {
  const { invoice, payment_intent } = await sessionOf(subject);
  const id = invoice ?? payment_intent ?? '';
  const { session } = subject.shop.business;
  const { data } = await session.get('/v1/payments', { params: { query: { search: id } } });
  if (data[0]?.status !== 'succeeded') throw new Error('The payment is not known yet.');
  const params = { path: { id }, ...idempotencyKey(`chaos-${subject.number}-refund`) };
  const { status, failure } = await session.post('/v1/payments/{id}/refunds', {
    params,
    body: { keepAccess },
  });
  if (status === 'refused') throw new Refused('refused', failure?.message ?? 'A refund is refused.');
}

async function dispute(subject: Subject, end: 'won' | 'lost' | null): Promise<void> {
  const payment_intent = await paymentOf(subject);
  const find = async () => {
    const path = `/v1/disputes?payment_intent=${payment_intent}`;
    const { data } = (await onAccount(subject, 'GET', path)) as ListOf<{ status: string }>;
    return data[0];
  };
  if ((await find()) === undefined) await trigger(subject, 'dispute_created', { payment_intent });
  if (end !== null && (await find())?.status !== end)
    await trigger(subject, `dispute_${end}`, { payment_intent });
}

async function cancelInPortal(subject: Subject): Promise<void> {
  const { id, customer, cancel_at_period_end, cancel_at } = await subscriptionOf(subject);
  if (cancel_at_period_end || cancel_at !== null) return;
  const fields = { customer, return_url: subject.shop.business.site };
  const { url } = (await onAccount(subject, 'POST', '/v1/billing_portal/sessions', fields)) as {
    url: string;
  };
  const response = await fetch(`${url}/cancel`, {
    method: 'POST',
    body: new URLSearchParams({ subscription: id }),
    redirect: 'manual',
  });
  await response.text();
  if (response.status >= 400) throw new Error(`The portal answered ${response.status}.`);
}

async function breakCard(subject: Subject): Promise<void> {
  const { id } = await subscriptionOf(subject);
  await trigger(subject, 'payment_method_fails', { subscription: id });
}

interface Subscription {
  id: string;
  status: string;
  customer: string;
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  discounts: unknown[];
  items: { data: { id: string }[] };
}

async function subscriptionOf(subject: Subject): Promise<Subscription> {
  const { subscription } = await sessionOf(subject);
  return (await onAccount(subject, 'GET', `/v1/subscriptions/${subscription}`)) as Subscription;
}

/** The payment intent of the first payment. */
async function paymentOf(subject: Subject): Promise<string> {
  const { payment_intent, invoice } = await sessionOf(subject);
  if (payment_intent !== null) return payment_intent;
  const found = (await onAccount(subject, 'GET', `/v1/invoice_payments?invoice=${invoice}`)) as ListOf<{
    payment: { payment_intent: string };
  }>;
  const id = found.data[0]?.payment.payment_intent;
  if (id === undefined) throw new Error(`Invoice ${invoice} has no payment.`);
  return id;
}

interface Session {
  subscription: string | null;
  payment_intent: string | null;
  invoice: string | null;
}

async function sessionOf(subject: Subject): Promise<Session> {
  return (await onAccount(subject, 'GET', `/v1/checkout/sessions/${subject.sessionId}`)) as Session;
}

function update(subject: Subject, id: string, fields: Record<string, string>): Promise<unknown> {
  return onAccount(subject, 'POST', `/v1/subscriptions/${id}`, fields);
}

function onAccount(
  { stripe, shop: { accountId, mode } }: Subject,
  method: string,
  path: string,
  fields: Record<string, string> = {},
): Promise<unknown> {
  return stripe.api({ accountId, mode }, method, path, fields);
}

function trigger({ stripe, shop }: Subject, name: string, input: object): Promise<unknown> {
  return stripe.trigger(shop, name, input);
}
