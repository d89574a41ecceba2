import {
  DAY,
  HOUR,
  MEMBERS,
  type MemberName,
  type OfferName,
  OFFER_NAMES,
  PRODUCTS,
  type ProductName,
} from './catalog';
import type { Cause, Gift, Purchase, Reference, Subscription, Time } from './reference';
import type { World } from './world';

/**
 * What can happen, each with the things that it can happen to, what it is for the reference, and what is done to the
 * real product. A command that has no target is skipped, so that what is counted did something.
 */
interface Command<T> {
  targets: (model: Reference) => T[];
  words: (target: T) => string;
  apply: (target: T, model: Reference) => void;
  perform: (target: T, world: World, model: Reference) => Promise<void>;
  /** Needs the product to know all that happened so far: it is asked of the product, or of what the product made. */
  needsSight?: boolean;
  /** The product looks at Stripe by itself here: lost events leave it none the wiser, and none the blinder. */
  looks?: (target: T) => boolean;
  /** Its events are never lost: see docs/decisions/0017. */
  reliable?: boolean;
  /** Time passes until then. */
  until?: (target: T, model: Reference) => Time;
}

/** More than these are not bought, or given, in one sequence. */
const MOST_CAUSES = 6;
/** The renewal is charged an hour after the period's end. */
const AFTER_RENEWAL = 2 * HOUR;
/** Minor units: less than any price. */
const A_PART = 1000;

const name = (cause: Cause) =>
  `#${cause.number} (${cause.member}, ${'offer' in cause ? cause.offer : cause.kind})`;

/** What may still give access comes first: something that is long over is a target only where nothing lives. */
function living<T extends Purchase | Subscription>(model: Reference, causes: T[]): T[] {
  const live = causes.filter((cause) => cause.kind === 'purchase' || cause.status !== 'canceled');
  const giving = live.filter((cause) => model.gives(cause));
  return giving.length > 0 ? giving : live.length > 0 ? live : causes;
}

const going = (model: Reference) =>
  model.connected ? model.subscriptions().filter(({ status }) => status !== 'canceled') : [];
const steady = (model: Reference) =>
  going(model).filter(
    ({ status, paused }) => paused === null && (status === 'active' || status === 'trialing'),
  );
/** While the account is disconnected, only single payments are known by their id. */
const payments = (model: Reference) =>
  model.bought().filter(({ kind }) => model.connected || kind === 'purchase');
/** A renewal is ahead, and nothing keeps it from being charged. */
const renewing = (model: Reference) =>
  steady(model).filter(({ cancelAt, periodEnd }) => cancelAt === null || cancelAt > periodEnd);
const newest = (cause: Purchase | Subscription) => cause.payments.at(-1);
const owed = ({ bills }: Subscription) => bills.filter(({ finalizedAt }) => finalizedAt !== null);

const buy: Command<{ member: MemberName; offer: OfferName; returns: boolean }> = {
  targets: (model) =>
    !model.connected || model.causes.length >= MOST_CAUSES
      ? []
      : MEMBERS.flatMap((member) =>
          OFFER_NAMES.flatMap((offer) => [true, false].map((returns) => ({ member, offer, returns }))),
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
    living(
      model,
      payments(model).filter((cause) => {
        const payment = newest(cause);
        return (
          payment !== undefined && payment.refunded !== 'fully' && ['none', 'won'].includes(payment.dispute)
        );
      }),
    ).flatMap((cause) => [
      { cause, part: false },
      { cause, part: false },
      ...(newest(cause)?.refunded === 'no' ? [{ cause, part: true }] : []),
    ]),
  words: ({ cause, part }) => `${name(cause)} is refunded${part ? ' in part' : ''}`,
  apply: ({ cause, part }, model) => model.refund(cause, part ? 'partly' : 'fully'),
  perform: ({ cause, part }, world) => world.refund(cause.number, part ? A_PART : null),
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
        return payment !== undefined && payment.refunded !== 'fully' && payment.dispute === 'none' && !open;
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
  targets: (model) => going(model).filter(({ cancelAt, status }) => cancelAt === null && status !== 'unpaid'),
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

const change: Command<{ one: Subscription; offer: OfferName; prorate: boolean }> = {
  targets: (model) =>
    steady(model)
      .filter(({ status, bills, offer }) => status === 'active' && bills.length === 0 && offer !== 'season')
      .flatMap((one) => {
        const offer: OfferName = one.offer === 'large' ? 'monthly' : 'large';
        // What is cheaper is not prorated: no credit, so that every renewal has to be paid. A disputed payment is not credited.
        const isDisputed = one.payments.some(({ dispute }) => dispute === 'open');
        const waysToPay = offer === 'large' && one.cardWorks && !isDisputed ? [false, true] : [false];
        return waysToPay.map((prorate) => ({ one, offer, prorate }));
      }),
  words: ({ one, offer, prorate }) => `${name(one)} is moved to ${offer}${prorate ? ', prorated' : ''}`,
  needsSight: true,
  looks: () => true,
  apply: ({ one, offer }, model) => model.change(one, offer),
  perform: ({ one, offer, prorate }, world) => world.change(one.number, offer, prorate),
};

const gift: Command<{ member: MemberName; product: ProductName; days: number | null }> = {
  targets: (model) =>
    model.causes.length >= MOST_CAUSES
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
} as const;

export type CommandName = keyof typeof COMMANDS;

/** The same, where it does not matter what it is about. */
export type AnyCommand = Command<unknown>;
export const commandOf = (command: CommandName): AnyCommand => COMMANDS[command] as AnyCommand;

/** How often each is drawn: what can seldom happen is drawn more often. */
export const WEIGHTS: Record<CommandName, number> = {
  buy: 12,
  renew: 18,
  fail: 26,
  recover: 120,
  refund: 14,
  refundFailed: 60,
  dispute: 14,
  disputeWon: 90,
  disputeLost: 90,
  cancel: 13,
  cancelAtPeriodEnd: 18,
  cancelInPortal: 14,
  resume: 36,
  pause: 16,
  change: 26,
  gift: 4,
  revoke: 16,
  disconnect: 5,
  reconnect: 55,
  timePasses: 6,
};
