import {
  DAY,
  HOUR,
  MEMBERS,
  type MemberName,
  type OfferName,
  OFFER_NAMES,
  OFFERS,
  PRODUCTS,
  type ProductName,
} from './catalog';
import type { Gift, Purchase, Subscription } from './causes';
import {
  A_PART,
  AFTER_RENEWAL,
  type Command,
  going,
  hasRoom,
  living,
  name,
  newest,
  owed,
  payments,
  refundable,
  renewing,
  steady,
} from './command';
import { DASHBOARD } from './dashboard-commands';

const buy: Command<{ member: MemberName; offer: OfferName; returns: boolean }> = {
  targets: (model) =>
    !model.connected || !hasRoom(model)
      ? []
      : MEMBERS.flatMap((member) =>
          OFFER_NAMES.filter(
            (offer) =>
              !model.archived.includes(offer) &&
              (OFFERS[offer].trialDays === null || model.isTrialKnown(member)),
          ).flatMap((offer) => [true, false].map((returns) => ({ member, offer, returns }))),
        ),
  words: ({ member, offer, returns }) => `${member} buys ${offer}${returns ? '' : ' and never comes back'}`,
  needsSight: true,
  looks: ({ returns }) => returns,
  apply: ({ member, offer }, model) => model.buy(member, offer),
  perform: ({ member, offer, returns }, world, model) =>
    world.buy(model.nextNumber(), member, offer, returns),
};

const renew: Command<Subscription> = {
  targets: (model) => renewing(model).filter(({ cardWorks }) => cardWorks),
  words: (one) => `time passes to the renewal of ${name(one)}`,
  until: ({ periodEnd }) => periodEnd + AFTER_RENEWAL,
  apply: () => undefined,
  perform: () => Promise.resolve(),
};

const fail: Command<Subscription> = {
  targets: (model) => renewing(model),
  words: (one) => `the card fails, and time passes to the renewal of ${name(one)}`,
  until: ({ periodEnd }) => periodEnd + AFTER_RENEWAL,
  apply: ({ member }, model) => model.card(member, false),
  perform: ({ number }, world) => world.breakCard(number),
};

const recover: Command<MemberName> = {
  targets: (model) =>
    MEMBERS.filter((member) => {
      const theirs = going(model).filter((one) => one.member === member);
      // Where Stripe had given up, later invoices stay drafts that nobody can pay.
      const stuck = theirs.some(
        ({ status, bills }) => status === 'unpaid' && owedCount(bills) < bills.length,
      );
      return !stuck && theirs.some((one) => owed(one).length > 0);
    }),
  words: (member) => `${member} has a new card and pays what is open`,
  apply: (member, model) => model.card(member, true),
  perform: (member, world, model) =>
    world.recover(
      going(model)
        .filter((one) => one.member === member)
        .map(({ number }) => number),
    ),
};

const owedCount = (bills: Subscription['bills']) =>
  bills.filter(({ finalizedAt }) => finalizedAt !== null).length;

const refund: Command<{ cause: Purchase | Subscription; part: boolean }> = {
  targets: (model) =>
    refundable(model).flatMap((cause) => [
      { cause, part: false },
      { cause, part: false },
      ...(newest(cause)?.refunded === 'no' ? [{ cause, part: true }] : []),
    ]),
  words: ({ cause, part }) => `${name(cause)} is refunded${part ? ' in part' : ''}`,
  apply: ({ cause, part }, model) => model.refund(cause, part ? 'partly' : 'fully'),
  perform: ({ cause, part }, world) => world.refund(cause.number, part ? A_PART : null),
};

/** As the coach asks for it here, who says what becomes of the access. */
const refundHere: Command<{ cause: Purchase | Subscription; keep: boolean }> = {
  targets: (model) =>
    model.connected
      ? refundable(model).flatMap((cause) => [true, false].map((keep) => ({ cause, keep })))
      : [],
  words: ({ cause, keep }) =>
    `the coach refunds ${name(cause)} here, and ${keep ? 'leaves' : 'takes away'} the access`,
  needsSight: true,
  apply: ({ cause, keep }, model) => model.refund(cause, 'fully', keep),
  perform: ({ cause, keep }, world) => world.refundHere(cause.number, keep),
};

const refundFailed: Command<Purchase | Subscription> = {
  targets: (model) => model.bought().filter((cause) => newest(cause)?.refunded === 'fully'),
  words: (cause) => `the refund of ${name(cause)} fails at the bank`,
  // A subscription is cancelled because of a refund that the product knows of, and not otherwise.
  needsSight: true,
  apply: (cause, model) => model.refund(cause, 'no'),
  perform: ({ number }, world) => world.failRefund(number),
};

const dispute: Command<Purchase | Subscription> = {
  targets: (model) =>
    living(
      model,
      payments(model).filter((cause) => {
        const payment = newest(cause);
        const open = cause.payments.some((other) => other.dispute === 'open');
        return (
          payment?.charged === true && payment.refunded !== 'fully' && payment.dispute === 'none' && !open
        );
      }),
    ),
  words: (cause) => `${name(cause)} is disputed`,
  apply: (cause, model) => model.dispute(cause, 'open'),
  perform: ({ number }, world) => world.dispute(number),
};

const endOfDispute = (how: 'won' | 'lost'): Command<Purchase | Subscription> => ({
  targets: (model) =>
    model.bought().filter(({ payments }) => payments.some((payment) => payment.dispute === 'open')),
  words: (cause) => `the dispute of ${name(cause)} is ${how}`,
  apply: (cause, model) => model.dispute(cause, how),
  perform: ({ number }, world) => world.endDispute(number, how),
});

const cancel: Command<Subscription> = {
  targets: going,
  words: (one) => `the coach cancels ${name(one)} now`,
  needsSight: true,
  looks: () => true,
  apply: (one, model) => model.cancel(one, 'now'),
  perform: ({ number }, world) => world.cancel(number, 'now'),
};

const cancelAtPeriodEnd: Command<Subscription> = {
  targets: (model) => going(model).filter(({ cancelAt }) => cancelAt === null),
  words: (one) => `the coach cancels ${name(one)} at the end of the period`,
  needsSight: true,
  looks: () => true,
  apply: (one, model) => model.cancel(one, 'period_end'),
  perform: ({ number }, world) => world.cancel(number, 'period_end'),
};

const cancelInPortal: Command<Subscription> = {
  // Stripe's portal changes nothing of what a schedule manages.
  targets: (model) =>
    going(model).filter(
      ({ cancelAt, status, scheduled }) => cancelAt === null && status !== 'unpaid' && scheduled === 'no',
    ),
  words: (one) => `the member cancels ${name(one)} in Stripe's portal`,
  apply: (one, model) => model.cancel(one, 'period_end'),
  perform: ({ number }, world) => world.cancelInPortal(number),
};

const resume: Command<Subscription> = {
  targets: (model) => going(model).filter(({ cancelAt, paused }) => cancelAt !== null || paused !== null),
  words: (one) => `${name(one)} is resumed`,
  needsSight: true,
  looks: () => true,
  apply: (one, model) => model.resume(one),
  perform: ({ number }, world) => world.resume(number),
};

const pause: Command<{ one: Subscription; days: number | null }> = {
  targets: (model) => steady(model).flatMap((one) => [null, 20, 50].map((days) => ({ one, days }))),
  words: ({ one, days }) => `${name(one)} is paused${days === null ? '' : ` for ${days} days`}`,
  needsSight: true,
  looks: () => true,
  apply: ({ one, days }, model) => model.pause(one, days),
  perform: ({ one, days }, world, model) =>
    world.pause(one.number, days === null ? null : model.now + days * DAY),
};

const isClub = (offer: Subscription['offer']) => ['monthly', 'large', 'trial'].includes(offer);

const change: Command<{ one: Subscription; offer: OfferName; prorate: boolean }> = {
  targets: (model) =>
    steady(model)
      .filter(({ status, bills, offer }) => status === 'active' && bills.length === 0 && isClub(offer))
      .flatMap((one) => {
        const offer: OfferName = one.offer === 'large' ? 'monthly' : 'large';
        if (model.archived.includes(offer)) return [];
        // What is cheaper is not prorated: no credit, so that every renewal has to be paid. A disputed payment is not credited,
        // nor is a period that a pause gave away.
        const isDisputed = one.payments.some(({ dispute }) => dispute === 'open');
        const isPaid = one.paidThrough > model.now;
        const canProrate = offer === 'large' && one.cardWorks && isPaid && !isDisputed;
        return (canProrate ? [false, true] : [false]).map((prorate) => ({ one, offer, prorate }));
      }),
  words: ({ one, offer, prorate }) => `${name(one)} is moved to ${offer}${prorate ? ', prorated' : ''}`,
  needsSight: true,
  looks: () => true,
  apply: ({ one, offer }, model) => model.moveItem(one, offer),
  perform: ({ one, offer, prorate }, world) => world.change(one.number, offer, prorate),
};

const gift: Command<{ member: MemberName; product: ProductName; days: number | null }> = {
  targets: (model) =>
    !hasRoom(model)
      ? []
      : MEMBERS.flatMap((member) =>
          PRODUCTS.flatMap((product) => [null, 10, 40].map((days) => ({ member, product, days }))),
        ),
  words: ({ member, product, days }) =>
    `the coach gives ${member} ${product}${days === null ? '' : ` for ${days} days`}`,
  looks: () => true,
  apply: ({ member, product, days }, model) => model.give(member, product, days),
  perform: ({ member, product, days }, world, model) =>
    world.give(model.nextNumber(), member, product, days === null ? null : model.now + days * DAY),
};

const revoke: Command<Gift> = {
  targets: (model) => model.causes.filter((cause) => cause.kind === 'gift' && model.gives(cause)) as Gift[],
  words: (cause) => `the coach takes ${name(cause)} back`,
  looks: () => true,
  apply: (cause, model) => model.revoke(cause),
  perform: ({ number }, world) => world.revoke(number),
};

const disconnect: Command<'coach' | 'Stripe'> = {
  targets: (model) => (model.connected && model.causes.length > 0 ? ['coach', 'Stripe'] : []),
  words: (where) =>
    where === 'coach' ? 'the coach disconnects' : "the coach disconnects in Stripe's Dashboard",
  needsSight: true,
  reliable: true,
  apply: (_where, model) => model.disconnect(),
  perform: (where, world) => (where === 'coach' ? world.disconnect() : world.deauthorize()),
};

const reconnect: Command<null> = {
  targets: (model) => (model.connected ? [] : [null]),
  words: () => 'the coach connects again',
  looks: () => true,
  apply: (_target, model) => model.reconnect(),
  perform: (_target, world) => world.reconnect(),
};

const DURATIONS = [2 * HOUR, 26 * HOUR, 3 * DAY, 8 * DAY, 16 * DAY, 25 * DAY];

const timePasses: Command<{ how: 'for' | 'before' | 'after'; seconds: number }> = {
  targets: (model) => [
    ...DURATIONS.map((seconds) => ({ how: 'for' as const, seconds })),
    // The next moment at which something changes, and a little before or after it.
    ...(model.nextChange() === null
      ? []
      : (['before', 'after', 'after', 'after'] as const).map((how) => ({ how, seconds: HOUR / 2 }))),
  ],
  words: ({ how, seconds }) =>
    how === 'for'
      ? `${Math.round(seconds / HOUR)} hours pass`
      : `time passes to half an hour ${how} the next change`,
  until: ({ how, seconds }, model) => {
    const next = model.nextChange() ?? model.now;
    if (how === 'for') return model.now + seconds;
    return how === 'before' ? Math.max(model.now + HOUR, next - seconds) : next + seconds;
  },
  apply: () => undefined,
  perform: () => Promise.resolve(),
};

/** By the name under which they are counted. */
export const COMMANDS = {
  buy,
  renew,
  fail,
  recover,
  refund,
  refundHere,
  refundFailed,
  dispute,
  disputeWon: endOfDispute('won'),
  disputeLost: endOfDispute('lost'),
  cancel,
  cancelAtPeriodEnd,
  cancelInPortal,
  resume,
  pause,
  change,
  gift,
  revoke,
  disconnect,
  reconnect,
  timePasses,
  ...DASHBOARD,
} as const;

export type CommandName = keyof typeof COMMANDS;

/** The same, where it does not matter what it is about. */
export type AnyCommand = Command<unknown>;
export const commandOf = (command: CommandName): AnyCommand => COMMANDS[command] as AnyCommand;

/** How often each is drawn, of those that can happen then: what can seldom happen is drawn whenever it can. */
export const WEIGHTS: Record<CommandName, number> = {
  buy: 60,
  renew: 4.5,
  fail: 12.1,
  recover: 1373.4,
  refund: 1.7,
  refundHere: 5,
  refundFailed: 338.9,
  dispute: 3.9,
  disputeWon: 16265.5,
  disputeLost: 15634.4,
  cancel: 4.7,
  cancelAtPeriodEnd: 5.8,
  cancelInPortal: 3.5,
  resume: 15.4,
  pause: 6.1,
  change: 10.5,
  gift: 1,
  revoke: 732.8,
  disconnect: 5.1,
  reconnect: 2096.4,
  timePasses: 1,
  quantity: 3.1,
  moveItem: 4.2,
  addItem: 4.9,
  removeItem: 4136.6,
  trial: 3.8,
  coupon: 3.3,
  cancelAt: 4,
  pauseThere: 2.9,
  collectionMethod: 3.3,
  schedule: 3.8,
  voided: 1272.4,
  writtenOff: 1181.9,
  paidOutOfBand: 989,
  paidFromBalance: 5,
  refundInParts: 1.7,
  customerChanged: 2.8,
  customerDeleted: 2.5,
  priceArchived: 1,
  productArchived: 1,
  backOnSale: 2.4,
  cardReplaced: 21.1,
  cancelledThere: 3,
};
