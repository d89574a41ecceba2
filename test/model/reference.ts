import {
  DAY,
  FOREIGN,
  type ForeignName,
  HOUR,
  MEMBERS,
  type MemberName,
  type OfferName,
  OFFERS,
  PRODUCTS,
  type ProductName,
} from './catalog';
import type { Addition, Bill, Cause, End, Ends, Payment, Purchase, Subscription, Time } from './causes';

/**
 * Who should have access, in as few words as possible and without a line of the product's own rules: per member and
 * product a list of causes, the coach's policy and a clock. It plays Stripe's part as well (renewals, retries, the end
 * of a dispute), since nobody tells it what happened but the commands. docs/decisions/0017 explains it.
 */

/** The coach's choices. */
export interface Policy {
  graceDays: number;
  leewayHours: number;
  honourPaidPeriod: boolean;
  keepAfterRefund: boolean;
  keepDuringDispute: boolean;
}

/** The account's choices in Stripe's Dashboard: when failed renewals are tried again, and what the last failure does. */
export interface Billing {
  retryDays: number[];
  inTheEnd: 'cancel' | 'unpaid' | 'past_due';
}

/** Stripe closes a dispute that nobody answers. */
const DISPUTE_DAYS = 10;
/** What the coach's sent invoices say. */
export const DAYS_UNTIL_DUE = 10;

/** Member and product, as a key. */
export type Pair = `${MemberName} ${ProductName}`;
export const PAIRS: Pair[] = MEMBERS.flatMap((member) =>
  PRODUCTS.map((product): Pair => `${member} ${product}`),
);

export class Reference {
  causes: Cause[] = [];
  connected = true;
  /** Who had a free trial of a product, bought through us: there is no second one. */
  trials: Pair[] = [];
  /** What the coach took off sale in the Dashboard. */
  archived: OfferName[] = [];
  private numbers = 0;

  constructor(
    public now: Time,
    readonly policy: Policy,
    readonly billing: Billing,
  ) {}

  clone(): Reference {
    return Object.assign(new Reference(this.now, this.policy, this.billing), structuredClone({ ...this }));
  }

  // --- who has access

  /** Whether the member may see the product now: any cause will do. */
  access(pair: Pair): boolean {
    return this.causes.some((cause) =>
      PRODUCTS.some((product) => `${cause.member} ${product}` === pair && this.givesProduct(cause, product)),
    );
  }

  /** Every pair that has access. */
  holders(): Set<Pair> {
    return new Set(PAIRS.filter((pair) => this.access(pair)));
  }

  /** Whether there ever was a reason for access. */
  everHad(pair: Pair): boolean {
    return this.causes.some((cause) =>
      (cause.kind === 'subscription' ? cause.everGave : [cause.product]).some(
        (product) => `${cause.member} ${product}` === pair,
      ),
    );
  }

  /** Whether a cause gives anything. */
  gives(cause: Cause): boolean {
    return PRODUCTS.some((product) => this.givesProduct(cause, product));
  }

  givesProduct(cause: Cause, product: ProductName): boolean {
    if (cause.kind === 'gift')
      return cause.product === product && !cause.takenBack && this.isBefore(cause.until);
    const end = (cause.known ?? this.endsOf(cause))[product];
    return end !== undefined && this.isBefore(end);
  }

  private isBefore(end: End): boolean {
    return end === 'forever' || (end !== 'none' && this.now < end);
  }

  /** The end of access to each product, as things stand at Stripe. */
  private endsOf(cause: Purchase | Subscription): Ends {
    if (cause.kind === 'purchase') return { [cause.product]: this.endOf(cause, 0) };
    const ends: Ends = {};
    for (const { product, paidThrough } of [...ownItem(cause), ...cause.added])
      if (product !== null) ends[product] = later(ends[product], this.endOf(cause, paidThrough));
    return ends;
  }

  /** The end of access as things stand at Stripe: the table of the design, one line each. */
  private endOf(cause: Purchase | Subscription, paidThrough: Time): End {
    const { policy } = this;
    if (this.isTakenBack(cause)) return 'none';
    if (cause.payments.some(({ dispute }) => dispute === 'open') && !policy.keepDuringDispute) return 'none';
    if (cause.kind === 'purchase') return cause.until;
    const cancelled = cause.cancelAt ?? Infinity;
    const grace = policy.graceDays * DAY;
    switch (cause.status) {
      case 'trialing':
      case 'active': {
        if (cause.paused !== null) return Math.min(cancelled, paidThrough);
        const due = sentAndDue(cause);
        return Math.min(cancelled, Math.max(paidThrough + policy.leewayHours * HOUR, (due ?? 0) + grace));
      }
      case 'past_due':
        return Math.min(cancelled, (oldestUnpaid(cause) ?? paidThrough) + grace);
      case 'unpaid':
        return 'none';
      case 'canceled': {
        const honoured = policy.honourPaidPeriod ? Math.max(cause.endedAt, paidThrough) : 0;
        const end = Math.max(honoured, cause.paidAfterEnd);
        return end === 0 ? 'none' : end;
      }
    }
  }

  /** The money went back: refunded in full, or a dispute was lost. */
  private isTakenBack({ payments }: Purchase | Subscription): boolean {
    const newest = payments.at(-1);
    const refunded = newest?.refunded === 'fully' && !(newest.kept ?? this.policy.keepAfterRefund);
    return refunded || payments.some(({ dispute }) => dispute === 'lost');
  }

  // --- what the commands say

  buy(member: MemberName, name: OfferName): void {
    const { product, everyDays, accessDays } = OFFERS[name];
    const pair: Pair = `${member} ${product}`;
    const trialDays = this.hadTrial(pair) ? null : OFFERS[name].trialDays;
    if (trialDays !== null) this.trials.push(pair);
    const common = {
      number: (this.numbers += 1),
      member,
      product,
      since: this.now,
      known: null,
      payments: trialDays === null ? [newPayment()] : [],
    };
    if (everyDays === null) {
      const until = accessDays === null ? 'forever' : this.now + accessDays * DAY;
      this.causes.push({ kind: 'purchase', ...common, until });
      return;
    }
    const periodEnd = this.now + (trialDays ?? everyDays) * DAY;
    this.causes.push({
      kind: 'subscription',
      ...common,
      offer: name,
      status: trialDays === null ? 'active' : 'trialing',
      quantity: 1,
      added: [],
      periodEnd,
      paidThrough: periodEnd,
      bills: [],
      cardWorks: true,
      cancelAt: null,
      paused: null,
      pauseBehavior: 'void',
      writtenOff: [],
      endedAt: 0,
      percentOff: 0,
      hasCredit: false,
      isSentInvoices: false,
      scheduled: 'no',
      paidAfterEnd: 0,
      everGave: [product],
      productNow: product,
      trialBy: trialDays === null ? null : 'sale',
    });
  }

  /** Bought with one, or was given one in the Dashboard for what the subscription is of now. */
  private hadTrial(pair: Pair): boolean {
    const given = this.subscriptions().some(
      ({ member, productNow, trialBy }) => trialBy === 'coach' && pair === `${member} ${productNow}`,
    );
    return given || this.trials.includes(pair);
  }

  /**
   * Whether it can be known of which products a member had a trial: not of one that the coach gave, where the subscription
   * was of both products and is of a price of the coach's own now. Of which it was last, events that got lost may have told.
   */
  isTrialKnown(member: MemberName): boolean {
    return this.subscriptions().every(
      (one) =>
        one.member !== member ||
        one.trialBy !== 'coach' ||
        isOurs(one.offer) ||
        new Set(one.everGave).size < 2,
    );
  }

  /** The number that the next cause will have. */
  nextNumber(): number {
    return this.numbers + 1;
  }

  give(member: MemberName, product: ProductName, days: number | null): void {
    const until = days === null ? 'forever' : this.now + days * DAY;
    this.causes.push({ kind: 'gift', number: (this.numbers += 1), member, product, until, takenBack: false });
  }

  /** @param kept what the coach chooses about access where they ask for it here */
  refund({ number }: { number: number }, how: Payment['refunded'], kept: Payment['kept'] = null): void {
    const payment = this.boughtAs(number).payments.at(-1);
    if (payment !== undefined) Object.assign(payment, { refunded: how, kept });
    this.heed();
  }

  dispute({ number }: { number: number }, how: 'open' | 'won' | 'lost'): void {
    const { payments } = this.boughtAs(number);
    const payment = how === 'open' ? payments.at(-1) : payments.find(({ dispute }) => dispute === 'open');
    if (payment === undefined) return;
    payment.dispute = how;
    payment.disputeEndsAt = how === 'open' ? this.now + DISPUTE_DAYS * DAY : null;
    this.heed();
  }

  /** The cards of a member fail from now on, or work again: then what is owed is paid. */
  card(member: MemberName, works: boolean): void {
    for (const one of this.subscriptions().filter((one) => one.member === member)) {
      one.cardWorks = works;
      if (works && one.status !== 'canceled')
        for (const bill of one.bills.filter(({ finalizedAt }) => finalizedAt !== null))
          this.settleBill(one, bill);
    }
  }

  cancel({ number }: { number: number }, when: 'now' | 'period_end'): void {
    const one = this.subscription(number);
    if (when === 'now') this.end(one);
    else one.cancelAt = one.periodEnd;
  }

  // --- what the coach does in the Dashboard

  quantity({ number }: { number: number }, quantity: number): void {
    this.subscription(number).quantity = quantity;
  }

  /** The item is moved to another price: by a request here, or in the Dashboard, there also to one of the coach's own. */
  moveItem({ number }: { number: number }, offer: OfferName | ForeignName): void {
    const one = this.subscription(number);
    const [product] = productsOf(offer);
    one.offer = offer;
    one.productNow = product ?? one.productNow;
    one.everGave.push(...productsOf(offer));
  }

  /** Another item, charged at once for the rest of the period. */
  addItem({ number }: { number: number }, item: OfferName | ForeignName): void {
    const one = this.subscription(number);
    const [product] = productsOf(item);
    one.added.push({ item, product: product ?? null, paidThrough: one.periodEnd });
    one.everGave.push(...productsOf(item));
  }

  removeItem({ number }: { number: number }, item: Addition['item']): void {
    const one = this.subscription(number);
    one.added = one.added.filter((addition) => addition.item !== item);
  }

  /** Extended, or given to a running subscription: the period ends with it, and costs nothing. */
  trial({ number }: { number: number }, end: Time): void {
    const one = this.subscription(number);
    one.trialBy ??= 'coach';
    one.status = 'trialing';
    one.periodEnd = end;
    this.paid(one, end, false);
  }

  coupon({ number }: { number: number }, percentOff: number): void {
    this.subscription(number).percentOff = percentOff;
  }

  cancelAt({ number }: { number: number }, at: Time): void {
    this.subscription(number).cancelAt = at;
  }

  collection({ number }: { number: number }, isSentInvoices: boolean): void {
    this.subscription(number).isSentInvoices = isSentInvoices;
  }

  schedule({ number }: { number: number }, how: 'releases' | 'cancels'): void {
    const one = this.subscription(number);
    one.scheduled = how;
    if (how === 'cancels') one.cancelAt = one.periodEnd;
  }

  /** The open invoice is voided or written off: the status follows the newest that is not void. */
  dropBill({ number }: { number: number }, how: 'voided' | 'written_off'): void {
    const one = this.subscription(number);
    const bill = one.bills.pop();
    if (bill !== undefined && how === 'written_off') one.writtenOff.push(bill);
    if (one.bills.length === 0) one.status = 'active';
  }

  /** In cash, say; of a subscription that has ended as well. */
  paidOutOfBand({ number }: { number: number }): void {
    const one = this.subscription(number);
    const bill = oldestBill(one);
    if (bill !== undefined) this.settleBill(one, bill, false);
  }

  /** The next invoice is settled by the customer's balance. */
  credit({ number }: { number: number }): void {
    this.subscription(number).hasCredit = true;
  }

  replaceCard({ number }: { number: number }): void {
    this.subscription(number).cardWorks = true;
  }

  deleteCustomer(member: MemberName): void {
    for (const one of this.subscriptions())
      if (one.member === member && one.status !== 'canceled') this.end(one);
  }

  archive(offers: readonly OfferName[]): void {
    this.archived.push(...offers);
  }

  putBackOnSale(offers: readonly OfferName[]): void {
    this.archived = this.archived.filter((offer) => !offers.includes(offer));
  }

  pause(
    { number }: { number: number },
    days: number | null,
    behavior: Subscription['pauseBehavior'] = 'void',
  ): void {
    const one = this.subscription(number);
    one.paused = days === null ? 'told' : this.now + days * DAY;
    one.pauseBehavior = behavior;
  }

  resume({ number }: { number: number }): void {
    const one = this.subscription(number);
    Object.assign(one, { paused: null, cancelAt: null });
    if (one.scheduled === 'cancels') one.scheduled = 'releases';
  }

  revoke({ number }: { number: number }): void {
    const gift = this.causes.find((cause) => cause.number === number);
    if (gift?.kind === 'gift') gift.takenBack = true;
  }

  /** From now on nobody can ask Stripe: what was paid is honoured, what had been taken back or suspended stays so. */
  disconnect(): void {
    for (const cause of this.bought()) {
      const isDisputed = cause.payments.some(({ dispute }) => dispute === 'open');
      const isOver = cause.kind === 'subscription' && cause.status === 'canceled';
      const mayBeWithheld = this.isTakenBack(cause) || isDisputed || isOver;
      const items = cause.kind === 'purchase' ? [cause] : [...ownItem(cause), ...cause.added];
      const ends = this.endsOf(cause);
      const known: Ends = {};
      for (const item of items) {
        if (item.product === null) continue;
        const isWithheld = mayBeWithheld && !this.isBefore(ends[item.product] ?? 'none');
        const honoured =
          'paidThrough' in item
            ? item.paidThrough + this.policy.leewayHours * HOUR
            : (cause as Purchase).until;
        known[item.product] = later(known[item.product], isWithheld ? 'none' : honoured);
      }
      cause.known = known;
    }
    this.connected = false;
  }

  reconnect(): void {
    this.connected = true;
    for (const cause of this.bought()) cause.known = null;
    this.heed();
  }

  // --- time

  /** Lets time pass; everything on the way happens at its own moment. `seen` is called after each such moment. */
  advanceTo(target: Time, seen: () => void = () => undefined): void {
    for (;;) {
      const due = this.happenings().filter(({ at }) => at <= target);
      const [first] = due.sort((a, b) => a.at - b.at);
      if (first === undefined) break;
      this.now = Math.max(this.now, first.at);
      first.happens();
      this.heed();
      seen();
    }
    this.now = Math.max(this.now, target);
    seen();
  }

  /** The next moment at which anything changes, for Stripe or for access; null: never. */
  nextChange(): Time | null {
    const ends = this.causes
      .flatMap((cause): End[] =>
        cause.kind === 'gift' ? [cause.until] : Object.values(cause.known ?? this.endsOf(cause)),
      )
      .filter((end): end is Time => typeof end === 'number');
    const ahead = [...ends, ...this.happenings().map(({ at }) => at)].filter((at) => at > this.now);
    return ahead.length === 0 ? null : Math.min(...ahead);
  }

  private happenings(): { at: Time; happens: () => void }[] {
    return [
      ...this.bought().flatMap(({ payments }) =>
        payments.flatMap((payment) =>
          payment.disputeEndsAt === null
            ? []
            : [
                {
                  at: payment.disputeEndsAt,
                  happens: () => Object.assign(payment, { dispute: 'lost', disputeEndsAt: null }),
                },
              ],
        ),
      ),
      ...this.subscriptions()
        .filter(({ status }) => status !== 'canceled')
        .flatMap((one) => [
          one.cancelAt !== null && one.cancelAt <= one.periodEnd
            ? { at: one.cancelAt, happens: () => this.end(one) }
            : { at: one.periodEnd, happens: () => this.renew(one) },
          ...(typeof one.paused === 'number'
            ? [{ at: one.paused, happens: () => Object.assign(one, { paused: null }) }]
            : []),
          ...one.bills.flatMap((bill) => [
            ...(bill.dueAt !== null && bill.dueAt > this.now && decides(one, bill)
              ? [{ at: bill.dueAt, happens: () => this.overdue(one, bill) }]
              : []),
            ...(bill.draftUntil === null
              ? []
              : [{ at: bill.draftUntil, happens: () => this.finalize(one, bill) }]),
            ...(bill.nextTry === null ? [] : [{ at: bill.nextTry, happens: () => this.collect(one, bill) }]),
          ]),
        ]),
    ];
  }

  /** The next period begins; its invoice stays a draft for an hour, and for ever while Stripe has given up. */
  private renew(one: Subscription): void {
    if (one.status === 'trialing') one.status = 'active';
    one.scheduled = 'no';
    const draftUntil = one.status === 'unpaid' ? null : one.periodEnd + HOUR;
    one.periodEnd += daysOf(one.offer) * DAY;
    one.bills.push({
      covers: one.periodEnd,
      draftUntil,
      finalizedAt: null,
      dueAt: null,
      tries: 0,
      nextTry: null,
    });
  }

  private finalize(one: Subscription, bill: Bill): void {
    bill.draftUntil = null;
    bill.finalizedAt = this.now;
    if (one.percentOff === 100 || one.hasCredit) {
      one.hasCredit = false;
      this.settleBill(one, bill, false);
    } else if (one.paused !== null) {
      one.bills.splice(one.bills.indexOf(bill), 1);
      if (one.pauseBehavior === 'mark_uncollectible') one.writtenOff.push(bill);
    } else if (one.isSentInvoices) bill.dueAt = this.now + DAYS_UNTIL_DUE * DAY;
    else this.collect(one, bill);
  }

  private collect(one: Subscription, bill: Bill): void {
    bill.nextTry = null;
    if (one.cardWorks) {
      this.settleBill(one, bill);
      return;
    }
    const days = this.billing.retryDays[bill.tries];
    bill.tries += 1;
    bill.nextTry = days === undefined ? null : this.now + days * DAY;
    if (one.status === 'active' && decides(one, bill)) one.status = 'past_due';
    if (days !== undefined || one.status !== 'past_due') return;
    if (this.billing.inTheEnd === 'cancel') this.end(one);
    else one.status = this.billing.inTheEnd;
  }

  /** A sent invoice was not paid in time. */
  private overdue(one: Subscription, bill: Bill): void {
    if (one.status === 'active' && decides(one, bill)) one.status = 'past_due';
  }

  private settleBill(one: Subscription, bill: Bill, charged = true): void {
    const isDeciding = decides(one, bill);
    one.bills.splice(one.bills.indexOf(bill), 1);
    if (one.status === 'canceled') one.paidAfterEnd = Math.max(one.paidAfterEnd, bill.covers);
    this.paid(one, bill.covers, charged);
    if (isDeciding && one.status !== 'canceled' && one.status !== 'trialing') one.status = 'active';
  }

  /** A period is paid, for each item that it covers. */
  private paid(one: Subscription, covers: Time, charged: boolean): void {
    if (covers > one.paidThrough) one.payments.push(newPayment(charged));
    one.paidThrough = Math.max(one.paidThrough, covers);
    for (const addition of one.added) addition.paidThrough = Math.max(addition.paidThrough, covers);
  }

  /** What is a draft is never finalized then; what is open can still be paid. */
  private end(one: Subscription): void {
    const bills = one.bills
      .filter(({ finalizedAt }) => finalizedAt !== null)
      .map((bill) => ({ ...bill, nextTry: null, dueAt: null }));
    Object.assign(one, { status: 'canceled', endedAt: this.now, bills, scheduled: 'no' });
  }

  /** Whose money went back is not charged again, as soon as that can be known. */
  private heed(): void {
    if (!this.connected) return;
    for (const one of this.subscriptions())
      if (one.status !== 'canceled' && this.isTakenBack(one)) this.end(one);
  }

  // --- looking up

  bought(): (Purchase | Subscription)[] {
    return this.causes.filter((cause) => cause.kind !== 'gift');
  }

  subscriptions(): Subscription[] {
    return this.causes.filter((cause) => cause.kind === 'subscription');
  }

  private subscription(number: number): Subscription {
    const found = this.subscriptions().find((one) => one.number === number);
    if (found === undefined) throw new Error(`There is no subscription ${number}.`);
    return found;
  }

  private boughtAs(number: number): Purchase | Subscription {
    const found = this.bought().find((one) => one.number === number);
    if (found === undefined) throw new Error(`Nobody bought ${number}.`);
    return found;
  }
}

const newPayment = (charged = true): Payment => ({
  charged,
  refunded: 'no',
  kept: null,
  dispute: 'none',
  disputeEndsAt: null,
});

const later = (a: End | undefined, b: End): End => {
  if (a === undefined || a === 'none' || b === 'forever') return b;
  return a === 'forever' || b === 'none' ? a : Math.max(a, b);
};

const isOurs = (item: OfferName | ForeignName): item is OfferName => item in OFFERS;

/** The product of a price, if it is ours. */
export function productsOf(item: OfferName | ForeignName): ProductName[] {
  return isOurs(item) ? [OFFERS[item].product] : [];
}

export function daysOf(item: OfferName | ForeignName): number {
  return isOurs(item) ? (OFFERS[item].everyDays ?? 0) : FOREIGN[item].everyDays;
}

export function amountOf(item: OfferName | ForeignName): number {
  return isOurs(item) ? OFFERS[item].amount : FOREIGN[item].amount;
}

function ownItem(one: Subscription): { product: ProductName | null; paidThrough: Time }[] {
  return productsOf(one.offer).map((product) => ({ product, paidThrough: one.paidThrough }));
}

/** When the invoice that has been unpaid for longest had to be paid: charged ones as soon as they are final. */
export function oldestUnpaid({ bills, writtenOff, paidThrough }: Subscription): Time | null {
  // What was written off is unpaid as well, until a later period is paid.
  const forgiven = writtenOff.filter(({ covers }) => covers > paidThrough);
  const since = [...bills, ...forgiven].flatMap(({ dueAt, finalizedAt }) =>
    finalizedAt === null ? [] : [dueAt ?? finalizedAt],
  );
  return since.length === 0 ? null : Math.min(...since);
}

/**
 * Stripe's status follows the latest invoice that is final and not void: a draft says nothing yet, and one before it
 * nothing any more. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
function decides({ bills, writtenOff, paidThrough }: Subscription, bill: Bill): boolean {
  const final = [...bills.filter(({ finalizedAt }) => finalizedAt !== null), ...writtenOff];
  return bill.covers >= Math.max(paidThrough, ...final.map(({ covers }) => covers));
}

/** The invoice that can be paid, and has been for longest. */
export function oldestBill({ bills }: Subscription): Bill | undefined {
  return bills.find(({ finalizedAt }) => finalizedAt !== null);
}

/** Until when an invoice that was sent has to be paid. */
function sentAndDue({ bills }: Subscription): Time | null {
  const due = bills.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt]));
  return due.length === 0 ? null : Math.min(...due);
}
