import {
  DAY,
  type ForeignName,
  HOUR,
  type MemberName,
  MEMBERS,
  type OfferName,
  OFFER_NAMES,
  OFFERS,
  PRODUCTS,
  type ProductName,
} from './catalog';
import type { Addition, Purchase, Subscription } from './causes';
import { AFTER_RENEWAL, type Command, going, name, refundable, renewing, steady } from './command';
import { amountOf, daysOf, oldestBill, type Reference } from './reference';

/**
 * What the coach does in their own Stripe Dashboard. Each is a call of Stripe's API on the coach's account: the product
 * hears of it by its events alone.
 */

/** What the Dashboard changes on the subscription itself: one that a schedule manages is changed there. */
const free = (model: Reference) => steady(model).filter(({ scheduled }) => scheduled === 'no');
/** Nothing is owed, so that a change of what renews changes nothing of the past. */
const settled = (model: Reference) =>
  free(model).filter(({ status, bills }) => status === 'active' && bills.length === 0);

const quantity: Command<{ one: Subscription; quantity: number }> = {
  targets: (model) =>
    free(model).flatMap((one) =>
      [1, 2, 3].filter((n) => n !== one.quantity).map((quantity) => ({ one, quantity })),
    ),
  words: ({ one, quantity }) => `Dashboard: the quantity of ${name(one)} becomes ${quantity}`,
  apply: ({ one, quantity }, model) => model.quantity(one, quantity),
  perform: ({ one, quantity }, world) => world.dashboard.quantity(one.number, quantity),
};

/** Prices of one interval, of both products and of the coach's own: the period stays as it is. */
const SAME_INTERVAL = ['monthly', 'large', 'lessons', 'mentoring'] as const;

const moveItem: Command<{ one: Subscription; item: (typeof SAME_INTERVAL)[number] }> = {
  targets: (model) =>
    settled(model)
      .filter((one) => daysOf(one.offer) === 30)
      .flatMap((one) =>
        SAME_INTERVAL.filter(
          (item) =>
            item !== one.offer &&
            one.added.every((addition) => addition.item !== item) &&
            !model.archived.some((offer) => offer === item),
        ).map((item) => ({ one, item })),
      ),
  words: ({ one, item }) => `Dashboard: ${name(one)} is moved to the price ${item}`,
  apply: ({ one, item }, model) => model.moveItem(one, item),
  perform: ({ one, item }, world) => world.dashboard.moveItem(one.number, item),
};

const addItem: Command<{ one: Subscription; item: 'lessons' | 'monthly' | ForeignName }> = {
  targets: (model) =>
    settled(model)
      .filter((one) => one.cardWorks && daysOf(one.offer) === 30 && one.added.length === 0 && !one.hasCredit)
      .flatMap((one) =>
        (['lessons', 'monthly', 'mentoring'] as const)
          .filter((item) => item !== one.offer && !model.archived.some((offer) => offer === item))
          .map((item) => ({ one, item })),
      ),
  words: ({ one, item }) => `Dashboard: an item of the price ${item} is added to ${name(one)}`,
  apply: ({ one, item }, model) => model.addItem(one, item),
  perform: ({ one, item }, world) => world.dashboard.addItem(one.number, item),
};

const removeItem: Command<{ one: Subscription; item: Addition['item'] }> = {
  targets: (model) => free(model).flatMap((one) => one.added.map(({ item }) => ({ one, item }))),
  words: ({ one, item }) => `Dashboard: the item of the price ${item} is removed from ${name(one)}`,
  apply: ({ one, item }, model) => model.removeItem(one, item),
  perform: ({ one, item }, world) => world.dashboard.removeItem(one.number, item),
};

const trial: Command<{ one: Subscription; days: number }> = {
  targets: (model) =>
    free(model)
      .filter(({ bills, cancelAt }) => bills.length === 0 && cancelAt === null)
      .flatMap((one) => [5, 20].map((days) => ({ one, days }))),
  words: ({ one, days }) => `Dashboard: ${name(one)} is in a trial until ${days} days after its period`,
  apply: ({ one, days }, model) => model.trial(one, one.periodEnd + days * DAY),
  perform: ({ one, days }, world) => world.dashboard.trial(one.number, one.periodEnd + days * DAY),
};

const coupon: Command<{ one: Subscription; percent: 0 | 25 | 100 }> = {
  targets: (model) =>
    free(model).flatMap((one) =>
      ([0, 25, 100] as const)
        .filter((percent) => percent !== one.percentOff)
        .map((percent) => ({ one, percent })),
    ),
  words: ({ one, percent }) => `Dashboard: ${percent} per cent off for ${name(one)}`,
  apply: ({ one, percent }, model) => model.coupon(one, percent),
  perform: ({ one, percent }, world) => world.dashboard.coupon(one.number, percent),
};

const cancelAt: Command<{ one: Subscription; days: number; from: 'now' | 'period' }> = {
  targets: (model) =>
    free(model)
      .filter(({ cancelAt }) => cancelAt === null)
      .flatMap((one) => [
        { one, days: 12, from: 'now' as const },
        { one, days: 20, from: 'period' as const },
      ]),
  words: ({ one, days, from }) =>
    `Dashboard: ${name(one)} is to end ${days} days ${from === 'now' ? 'from now' : 'after its period'}`,
  apply: ({ one, days, from }, model) =>
    model.cancelAt(one, (from === 'now' ? model.now : one.periodEnd) + days * DAY),
  perform: ({ one, days, from }, world, model) =>
    world.dashboard.cancelAt(one.number, (from === 'now' ? model.now : one.periodEnd) + days * DAY),
};

const pauseThere: Command<{
  one: Subscription;
  days: number | null;
  behavior: 'void' | 'mark_uncollectible';
}> = {
  targets: (model) =>
    free(model).flatMap((one) =>
      [null, 20].flatMap((days) =>
        (['void', 'mark_uncollectible'] as const).map((behavior) => ({ one, days, behavior })),
      ),
    ),
  words: ({ one, days, behavior }) =>
    `Dashboard: collection of ${name(one)} is paused (${behavior})${days === null ? '' : ` for ${days} days`}`,
  apply: ({ one, days, behavior }, model) => model.pause(one, days, behavior),
  perform: ({ one, days, behavior }, world, model) =>
    world.dashboard.pause(one.number, behavior, days === null ? null : model.now + days * DAY),
};

const collectionMethod: Command<Subscription> = {
  targets: (model) => free(model).filter(({ bills }) => bills.length === 0),
  words: (one) => `Dashboard: invoices of ${name(one)} are ${one.isSentInvoices ? 'charged again' : 'sent'}`,
  apply: (one, model) => model.collection(one, !one.isSentInvoices),
  perform: ({ number, isSentInvoices }, world) => world.dashboard.collection(number, !isSentInvoices),
};

const schedule: Command<{ one: Subscription; how: 'releases' | 'cancels' }> = {
  targets: (model) =>
    free(model)
      .filter(({ cancelAt, bills }) => cancelAt === null && bills.length === 0)
      .flatMap((one) => (['releases', 'releases', 'cancels'] as const).map((how) => ({ one, how }))),
  words: ({ one, how }) => `Dashboard: a schedule that ${how} is put on ${name(one)}`,
  apply: ({ one, how }, model) => model.schedule(one, how),
  perform: ({ one, how }, world) => world.dashboard.schedule(one.number, how),
};

/** One invoice is open, and no other is on its way. */
const withOneOpenBill = (model: Reference) =>
  going(model).filter(
    ({ status, bills, paused }) =>
      (status === 'past_due' || status === 'active') &&
      paused === null &&
      bills.length === 1 &&
      bills[0]?.finalizedAt !== null,
  );

const voided: Command<Subscription> = {
  targets: withOneOpenBill,
  words: (one) => `Dashboard: the open invoice of ${name(one)} is voided`,
  apply: (one, model) => model.dropBill(one, 'voided'),
  perform: ({ number }, world) => world.dashboard.openInvoice(number, 'void'),
};

const writtenOff: Command<Subscription> = {
  targets: withOneOpenBill,
  words: (one) => `Dashboard: the open invoice of ${name(one)} is written off`,
  apply: (one, model) => model.dropBill(one, 'written_off'),
  perform: ({ number }, world) => world.dashboard.openInvoice(number, 'write_off'),
};

const paidOutOfBand: Command<Subscription> = {
  targets: (model) =>
    model.connected
      ? model.subscriptions().filter((one) => oldestBill(one) !== undefined && one.status !== 'unpaid')
      : [],
  words: (one) => `Dashboard: the oldest open invoice of ${name(one)} was paid in cash`,
  apply: (one, model) => model.paidOutOfBand(one),
  perform: ({ number }, world) => world.dashboard.openInvoice(number, 'paid_out_of_band'),
};

/** The next invoice of the customer is that of this subscription, and its amount is known. */
const nextInvoiced = (model: Reference) =>
  renewing(model).filter(
    (one) =>
      one.percentOff === 0 &&
      one.added.length === 0 &&
      one.scheduled === 'no' &&
      !one.hasCredit &&
      going(model).every(
        (other) =>
          other === one ||
          other.member !== one.member ||
          (other.periodEnd > one.periodEnd + 2 * HOUR &&
            other.bills.every(({ draftUntil }) => draftUntil === null)),
      ) &&
      one.bills.every(({ draftUntil }) => draftUntil === null),
  );

const paidFromBalance: Command<Subscription> = {
  targets: nextInvoiced,
  words: (one) =>
    `Dashboard: the customer's balance pays the next invoice of ${name(one)}, and time passes to it`,
  until: ({ periodEnd }) => periodEnd + AFTER_RENEWAL,
  apply: (one, model) => model.credit(one),
  perform: ({ number, offer, quantity }, world) => world.dashboard.credit(number, amountOf(offer) * quantity),
};

const refundInParts: Command<Purchase | Subscription> = {
  // By Stripe's API on the account, which answers nobody who was disconnected.
  targets: (model) => (model.connected ? refundable(model) : []),
  words: (cause) => `Dashboard: ${name(cause)} is refunded in parts that sum to all of it`,
  apply: (cause, model) => model.refund(cause, 'fully'),
  perform: ({ number }, world) => world.refundInParts(number),
};

const customerChanged: Command<Subscription> = {
  targets: going,
  words: (one) => `Dashboard: name, phone and address of the customer of ${name(one)} are changed`,
  apply: () => undefined,
  perform: ({ number }, world) => world.dashboard.changeCustomer(number),
};

const customerDeleted: Command<MemberName> = {
  targets: (model) => MEMBERS.filter((member) => going(model).some((one) => one.member === member)),
  words: (member) => `Dashboard: the customer of ${member} is deleted`,
  apply: (member, model) => model.deleteCustomer(member),
  perform: (member, world, model) =>
    world.dashboard.deleteCustomer(
      going(model)
        .filter((one) => one.member === member)
        .map(({ number }) => number),
    ),
};

const onSale = (model: Reference) => OFFER_NAMES.filter((offer) => !model.archived.includes(offer));
const offersOf = (product: ProductName) => OFFER_NAMES.filter((offer) => OFFERS[offer].product === product);

const priceArchived: Command<OfferName> = {
  targets: (model) => (model.connected && onSale(model).length > 2 ? onSale(model) : []),
  words: (offer) => `Dashboard: the price ${offer} is archived`,
  // Who buys what the product does not know to be archived is told so by Stripe, at that moment.
  reliable: true,
  apply: (offer, model) => model.archive([offer]),
  perform: (offer, world) => world.dashboard.archivePrice(offer),
};

const productArchived: Command<ProductName> = {
  targets: (model) =>
    model.connected
      ? PRODUCTS.filter((product) => offersOf(product).every((offer) => !model.archived.includes(offer)))
      : [],
  words: (product) => `Dashboard: the product ${product} is archived`,
  reliable: true,
  apply: (product, model) => model.archive(offersOf(product)),
  perform: (product, world) => world.dashboard.archiveProduct(product),
};

/** Everything that is off sale, by the one click that we offer. */
const backOnSale: Command<null> = {
  targets: (model) => (model.connected && model.archived.length > 0 ? [null] : []),
  words: () => 'the coach puts everything back on sale',
  looks: () => true,
  apply: (_target, model) => model.putBackOnSale([...model.archived]),
  perform: (_target, world, model) => world.putBackOnSale(model.archived),
};

const cardReplaced: Command<Subscription> = {
  targets: (model) => going(model).filter(({ cardWorks }) => !cardWorks),
  words: (one) => `Dashboard: ${name(one)} gets another card`,
  apply: (one, model) => model.replaceCard(one),
  perform: ({ number }, world) => world.dashboard.replaceCard(number),
};

const cancelledThere: Command<Subscription> = {
  targets: going,
  words: (one) => `Dashboard: ${name(one)} is cancelled at once`,
  apply: (one, model) => model.cancel(one, 'now'),
  perform: ({ number }, world) => world.dashboard.cancel(number),
};

export const DASHBOARD = {
  quantity,
  moveItem,
  addItem,
  removeItem,
  trial,
  coupon,
  cancelAt,
  pauseThere,
  collectionMethod,
  schedule,
  voided,
  writtenOff,
  paidOutOfBand,
  paidFromBalance,
  refundInParts,
  customerChanged,
  customerDeleted,
  priceArchived,
  productArchived,
  backOnSale,
  cardReplaced,
  cancelledThere,
} as const;
