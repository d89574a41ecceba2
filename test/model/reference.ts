import {
  DAY,
  HOUR,
  MEMBERS,
  type MemberName,
  type OfferName,
  OFFERS,
  PRODUCTS,
  type ProductName,
} from './catalog';

/**
 * Who should have access, in as few words as possible and without a line of the product's own rules: per member and
 * product a list of causes, the coach's policy and a clock. It plays Stripe's part as well (renewals, retries, the end
 * of a dispute), since nobody tells it what happened but the commands. docs/decisions/0017 explains it.
 */

/** Unix seconds on the account's clock. */
export type Time = number;

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

export interface Payment {
  refunded: 'no' | 'partly' | 'fully';
  dispute: 'none' | 'open' | 'won' | 'lost';
  disputeEndsAt: Time | null;
}

/** A renewal's invoice that is not paid. */
interface Bill {
  covers: Time;
  /** Stripe finalizes it then; null: it was, or never will be. */
  draftUntil: Time | null;
  finalizedAt: Time | null;
  tries: number;
  nextTry: Time | null;
}

interface Common {
  number: number;
  member: MemberName;
  product: ProductName;
  since: Time;
  /** What was known when the account could no longer be read: access until then; null while it can be. */
  known: { until: Time | 'forever' | 'none' } | null;
  /** The newest is the last. */
  payments: Payment[];
}

export interface Purchase extends Common {
  kind: 'purchase';
  until: Time | 'forever';
}

export interface Subscription extends Common {
  kind: 'subscription';
  offer: OfferName;
  status: 'trialing' | 'active' | 'past_due' | 'unpaid' | 'canceled';
  periodEnd: Time;
  paidThrough: Time;
  bills: Bill[];
  cardWorks: boolean;
  cancelAt: Time | null;
  /** Until when; 'told': until somebody resumes it; null: it is not paused. */
  paused: Time | 'told' | null;
  endedAt: Time;
}

export interface Gift {
  kind: 'gift';
  number: number;
  member: MemberName;
  product: ProductName;
  until: Time | 'forever';
  takenBack: boolean;
}

export type Cause = Purchase | Subscription | Gift;

/** Member and product, as a key. */
export type Pair = `${MemberName} ${ProductName}`;
export const PAIRS: Pair[] = MEMBERS.flatMap((member) =>
  PRODUCTS.map((product): Pair => `${member} ${product}`),
);

export class Reference {
  causes: Cause[] = [];
  connected = true;
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
    return this.causes.some((cause) => `${cause.member} ${cause.product}` === pair && this.gives(cause));
  }

  /** Every pair that has access. */
  holders(): Set<Pair> {
    return new Set(PAIRS.filter((pair) => this.access(pair)));
  }

  /** Whether there ever was a reason for access. */
  everHad(pair: Pair): boolean {
    return this.causes.some((cause) => `${cause.member} ${cause.product}` === pair);
  }

  gives(cause: Cause): boolean {
    if (cause.kind === 'gift') return !cause.takenBack && this.isBefore(cause.until);
    if (cause.known !== null) return this.isBefore(cause.known.until);
    return this.isBefore(this.endOf(cause));
  }

  private isBefore(end: Time | 'forever' | 'none'): boolean {
    return end === 'forever' || (end !== 'none' && this.now < end);
  }

  /** The end of access as things stand at Stripe: the table of the design, one line each. */
  private endOf(cause: Purchase | Subscription): Time | 'forever' | 'none' {
    const { policy } = this;
    if (this.isTakenBack(cause)) return 'none';
    if (cause.payments.some(({ dispute }) => dispute === 'open') && !policy.keepDuringDispute) return 'none';
    if (cause.kind === 'purchase') return cause.until;
    const { paidThrough, cancelAt } = cause;
    const cancelled = cancelAt ?? Infinity;
    switch (cause.status) {
      case 'trialing':
      case 'active':
        return Math.min(
          cancelled,
          cause.paused === null ? paidThrough + policy.leewayHours * HOUR : paidThrough,
        );
      case 'past_due':
        return Math.min(cancelled, (oldestUnpaid(cause) ?? paidThrough) + policy.graceDays * DAY);
      case 'unpaid':
        return 'none';
      case 'canceled':
        return policy.honourPaidPeriod ? Math.max(cause.endedAt, paidThrough) : 'none';
    }
  }

  /** The money went back: refunded in full, or a dispute was lost. */
  private isTakenBack({ payments }: Purchase | Subscription): boolean {
    const refunded = payments.at(-1)?.refunded === 'fully' && !this.policy.keepAfterRefund;
    return refunded || payments.some(({ dispute }) => dispute === 'lost');
  }

  // --- what the commands say

  buy(member: MemberName, name: OfferName): void {
    const { product, everyDays, trialDays, accessDays } = OFFERS[name];
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
      periodEnd,
      paidThrough: periodEnd,
      bills: [],
      cardWorks: true,
      cancelAt: null,
      paused: null,
      endedAt: 0,
    });
  }

  /** The number that the next cause will have. */
  nextNumber(): number {
    return this.numbers + 1;
  }

  give(member: MemberName, product: ProductName, days: number | null): void {
    const until = days === null ? 'forever' : this.now + days * DAY;
    this.causes.push({ kind: 'gift', number: (this.numbers += 1), member, product, until, takenBack: false });
  }

  refund({ number }: { number: number }, how: 'partly' | 'fully' | 'no'): void {
    const payment = this.paid(number).payments.at(-1);
    if (payment !== undefined) payment.refunded = how;
    this.heed();
  }

  dispute({ number }: { number: number }, how: 'open' | 'won' | 'lost'): void {
    const { payments } = this.paid(number);
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

  pause({ number }: { number: number }, days: number | null): void {
    this.subscription(number).paused = days === null ? 'told' : this.now + days * DAY;
  }

  resume({ number }: { number: number }): void {
    Object.assign(this.subscription(number), { paused: null, cancelAt: null });
  }

  change({ number }: { number: number }, offer: OfferName): void {
    this.subscription(number).offer = offer;
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
      const isWithheld =
        !this.isBefore(this.endOf(cause)) && (this.isTakenBack(cause) || isDisputed || isOver);
      const honoured =
        cause.kind === 'purchase' ? cause.until : cause.paidThrough + this.policy.leewayHours * HOUR;
      cause.known = { until: isWithheld ? 'none' : honoured };
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
      .map((cause) => (cause.kind === 'gift' ? cause.until : (cause.known?.until ?? this.endOf(cause))))
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
    const draftUntil = one.status === 'unpaid' ? null : one.periodEnd + HOUR;
    one.periodEnd += (OFFERS[one.offer].everyDays ?? 0) * DAY;
    one.bills.push({ covers: one.periodEnd, draftUntil, finalizedAt: null, tries: 0, nextTry: null });
  }

  private finalize(one: Subscription, bill: Bill): void {
    bill.draftUntil = null;
    bill.finalizedAt = this.now;
    if (one.paused === null) this.collect(one, bill);
    else one.bills.splice(one.bills.indexOf(bill), 1);
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
    if (one.status === 'active' && bill === one.bills.at(-1)) one.status = 'past_due';
    if (days !== undefined || one.status !== 'past_due') return;
    if (this.billing.inTheEnd === 'cancel') this.end(one);
    else one.status = this.billing.inTheEnd;
  }

  private settleBill(one: Subscription, bill: Bill): void {
    const isNewest = bill === one.bills.at(-1);
    one.bills.splice(one.bills.indexOf(bill), 1);
    if (bill.covers > one.paidThrough) one.payments.push(newPayment());
    one.paidThrough = Math.max(one.paidThrough, bill.covers);
    if (isNewest) one.status = 'active';
  }

  private end(one: Subscription): void {
    Object.assign(one, { status: 'canceled', endedAt: this.now, bills: [] });
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

  private paid(number: number): Purchase | Subscription {
    const found = this.bought().find((one) => one.number === number);
    if (found === undefined) throw new Error(`Nobody bought ${number}.`);
    return found;
  }
}

const newPayment = (): Payment => ({ refunded: 'no', dispute: 'none', disputeEndsAt: null });

/** When the invoice that has been unpaid for longest was finalized. */
export function oldestUnpaid({ bills }: Subscription): Time | null {
  const since = bills.flatMap(({ finalizedAt }) => (finalizedAt === null ? [] : [finalizedAt]));
  return since.length === 0 ? null : Math.min(...since);
}
