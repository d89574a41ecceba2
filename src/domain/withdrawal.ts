import type { Mode } from './mode';
import { DAY, HOUR, type Seconds } from './time';

/**
 * The right of withdrawal from distance contracts: Directive 2011/83/EU (https://eur-lex.europa.eu/eli/dir/2011/83/oj), as
 * changed by Directive (EU) 2023/2673 (https://eur-lex.europa.eu/eli/dir/2023/2673/oj). The articles that are named
 * beside the rules are those of 2011/83/EU. This is no legal advice: docs/withdrawal.md says what it leaves out.
 */

/** Article 9(1): days in which a consumer may withdraw, from the conclusion of the contract (9(2)(a) and (c)). */
const PERIOD_DAYS = 14;
/** Article 13(1): days in which what was paid goes back, from when the trader was informed. */
const REFUND_DAYS = 14;
/** Days before the last one on which a withdrawal is settled that nobody has decided: a refund takes a moment as well. */
const MARGIN_DAYS = 1;
/** Days before the last one on which the coach is reminded. */
const REMINDER_DAYS = 4;

/** The Union's time zones, as far from UTC as they are: Cyprus in summer, and Martinique. Days count in the consumer's favour. */
const EASTERNMOST = 3 * HOUR;
const WESTERNMOST = -4 * HOUR;

/** Sunday is 0. 1 January 1970 was a Thursday. */
const weekday = (day: number) => (day + 4) % 7;

/**
 * The moment up to which a withdrawal counts as in time. Article 9(1), counted by Regulation (EEC, Euratom) 1182/71,
 * article 3 (recital 41): the day of the contract does not count, the last day counts to its end, and one that is a
 * Saturday or Sunday moves to the next working day. Holidays differ by country, and only make it longer: who comes on
 * the day after one is for the coach to decide. Which zone a consumer is in is not known, so each day is the longest that
 * it is anywhere in the Union.
 */
export function withdrawalEnd(concludedAt: Seconds): Seconds {
  const contractDay = Math.floor((concludedAt + EASTERNMOST) / DAY);
  let last = contractDay + PERIOD_DAYS;
  while (weekday(last) === 0 || weekday(last) === 6) last += 1;
  return (last + 1) * DAY - WESTERNMOST;
}

/** Whether a statement that is made now is made in time: before the end, article 11(2) and 11a(5). */
export const isInTime = (concludedAt: Seconds, statedAt: Seconds): boolean =>
  statedAt < withdrawalEnd(concludedAt);

/** Where the directive holds: the Union, and the EEA. */
const COUNTRIES = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO'.split(' '),
);

/** Whether members are offered to withdraw; `by_country`: where the coach's account is in a country of the EEA. */
export const WITHDRAWAL_OFFERS = ['by_country', 'on', 'off'] as const;
export type WithdrawalOffer = (typeof WITHDRAWAL_OFFERS)[number];

/** Whether a coach's members are offered to withdraw. @param country ISO 3166, of the Stripe account; null: not known */
export function isWithdrawalOffered(offer: WithdrawalOffer, country: string | null): boolean {
  if (offer !== 'by_country') return offer === 'on';
  return country !== null && COUNTRIES.has(country.toUpperCase());
}

/** What becomes of the money by itself. */
export const WITHDRAWAL_REFUNDS = ['full', 'proportional', 'coach_decides'] as const;
export type WithdrawalRefund = (typeof WITHDRAWAL_REFUNDS)[number];

/**
 * What a buyer agrees to: that a service begins at once (article 7(3) and 8(8)), or that digital content is there at once and
 * the right of withdrawal is lost by that (article 16(m)).
 */
export const CONSENT_KINDS = ['service', 'digital_content'] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];
export const CONSENTS = ['none', ...CONSENT_KINDS] as const;

/**
 * Article 16(m): with the consent and the acknowledgement there is no right to withdraw from digital content any more, once
 * it has begun to be there.
 */
export const isRightLost = (consent: ConsentKind | null, hasBegun: boolean): boolean =>
  consent === 'digital_content' && hasBegun;

/** Whether a member may withdraw from a purchase now. */
export function mayWithdraw(of: {
  isOffered: boolean;
  concludedAt: Seconds;
  consent: ConsentKind | null;
  /** Access has begun: a programme that begins on a date has not. */
  hasBegun: boolean;
  /** They have done so already. */
  isWithdrawn: boolean;
  now: Seconds;
}): boolean {
  const { consent, hasBegun, concludedAt, now } = of;
  return of.isOffered && !of.isWithdrawn && !isRightLost(consent, hasBegun) && isInTime(concludedAt, now);
}

/** What was paid of a contract. Minor units. */
export interface PaidPart {
  /** Stripe's invoice or payment intent. */
  stripeId: string;
  amount: number;
  amountRefunded: number;
}

/** What is known of a contract for its refund. */
export interface RefundFacts {
  payments: readonly PaidPart[];
  /** When what was paid for begins to be provided. */
  beginsAt: Seconds;
  /** The end of what was paid for; null: it has none. */
  paidThrough: Seconds | null;
  statedAt: Seconds;
  consent: ConsentKind | null;
}

const sum = (payments: readonly PaidPart[], of: (part: PaidPart) => number) =>
  payments.reduce((total, part) => total + of(part), 0);

/**
 * How much goes back, in minor units. Article 13(1): all that was paid. In proportion, article 14(3): what was provided
 * until the statement is kept, by time from its beginning (Court of Justice, C-641/19), rounded for the consumer; only where the consumer has
 * asked that the service begin, else it is free of charge (14(4)(a)), and only where there is an end to count to.
 */
export function refundOf(facts: RefundFacts, refund: 'full' | 'proportional' | 'none'): number {
  if (refund === 'none') return 0;
  const { payments, beginsAt, paidThrough, statedAt, consent } = facts;
  const paid = sum(payments, ({ amount }) => amount);
  const back = sum(payments, ({ amountRefunded }) => amountRefunded);
  return Math.max(0, paid - kept() - back);

  function kept(): number {
    if (refund === 'full' || consent === null || paidThrough === null) return 0;
    const whole = paidThrough - beginsAt;
    const used = Math.min(Math.max(0, statedAt - beginsAt), whole);
    // Amounts times seconds are more than a number holds exactly. Whole numbers are divided towards zero.
    return whole <= 0 ? 0 : Number((BigInt(paid) * BigInt(used)) / BigInt(whole));
  }
}

/** A refund of one payment. Minor units. */
export interface RefundPart {
  stripeId: string;
  amount: number;
}

/** Takes what goes back from the payments, the newest first, of each no more than is left of it. */
export function splitRefund(newestFirst: readonly PaidPart[], amount: number): RefundPart[] {
  let left = amount;
  return newestFirst.flatMap(({ stripeId, amount: paid, amountRefunded }) => {
    const part = Math.min(left, Math.max(0, paid - amountRefunded));
    left -= part;
    return part === 0 ? [] : [{ stripeId, amount: part }];
  });
}

export const WITHDRAWAL_STATUSES = [
  /** Stated without signing in: whose it is has to be seen, by the member signing in, or by the coach. */
  'unproven',
  /** The coach decides. */
  'to_decide',
  /** It is carried out. */
  'accepted',
  'done',
  'refused',
  /** It could not be carried out: the coach has to look. */
  'failed',
] as const;
export type WithdrawalStatus = (typeof WITHDRAWAL_STATUSES)[number];

/** How a withdrawal begins: what the setting says, where nothing has to be looked at first. */
export function beginningOf(of: {
  refund: WithdrawalRefund;
  isProven: boolean;
  isInTime: boolean;
  isRightLost: boolean;
}): { status: WithdrawalStatus; refund: 'full' | 'proportional' | null } {
  if (!of.isProven) return { status: 'unproven', refund: null };
  if (of.refund === 'coach_decides' || !of.isInTime || of.isRightLost)
    return { status: 'to_decide', refund: null };
  return { status: 'accepted', refund: of.refund };
}

/** What is known of a withdrawal that is under way. Times in seconds, UTC, on the account's clock. */
export interface WithdrawalFacts {
  status: WithdrawalStatus;
  statedAt: Seconds;
  /** Stated in time, by the member themselves, and the right is not lost: it is a withdrawal whatever the coach thinks. */
  isCertain: boolean;
  isReminded: boolean;
  isOverdue: boolean;
}

/** What is to be done about a withdrawal. */
export type WithdrawalStep =
  { do: 'wait'; until: Seconds | null } | { do: 'remind' | 'settle' | 'tell_overdue' | 'carry_out' | 'end' };

/** The moment by which what was paid has to have gone back: article 13(1). */
export const refundDue = (statedAt: Seconds): Seconds => statedAt + REFUND_DAYS * DAY;

/** The moment by which the coach has to have decided. */
export const decideBy = (statedAt: Seconds): Seconds => refundDue(statedAt) - MARGIN_DAYS * DAY;

/**
 * What comes next. Nobody's silence keeps the money: what is certainly a withdrawal, and not decided in time, is settled in
 * full; what is not certain is told to be overdue and goes on waiting.
 */
export function stepOf(facts: WithdrawalFacts, now: Seconds): WithdrawalStep {
  const { status, statedAt } = facts;
  if (status === 'accepted') return { do: 'carry_out' };
  if (status === 'done' || status === 'refused') return { do: 'end' };
  // Whoever mends what stood in the way accepts it again.
  if (status === 'failed') return { do: 'wait', until: null };
  if (now >= decideBy(statedAt)) {
    if (status === 'to_decide' && facts.isCertain) return { do: 'settle' };
    return facts.isOverdue ? { do: 'wait', until: null } : { do: 'tell_overdue' };
  }
  const reminder = refundDue(statedAt) - REMINDER_DAYS * DAY;
  if (facts.isReminded) return { do: 'wait', until: decideBy(statedAt) };
  return now >= reminder ? { do: 'remind' } : { do: 'wait', until: reminder };
}

/** A purchase that a statement may be about. */
export interface Contract {
  id: string;
  mode: Mode;
  productName: string;
  concludedAt: Seconds;
  /** Other ids by which a buyer may call it. */
  otherIds: readonly string[];
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();

/**
 * Which purchase a statement is about, by what was typed: one of its ids, else its product's name, else the only one there is
 * within the period. Null: it cannot be said, and the coach looks.
 */
export function contractMeant(contracts: readonly Contract[], typed: string, now: Seconds): Contract | null {
  const text = plain(typed);
  const only = (found: readonly Contract[]) => (found.length === 1 ? (found[0] ?? null) : null);
  const byId = contracts.filter(({ id, otherIds }) =>
    [id, ...otherIds].some((one) => one !== '' && text.includes(plain(one))),
  );
  if (byId.length > 0) return only(byId);
  const inTime = contracts.filter(({ concludedAt }) => isInTime(concludedAt, now));
  const byName = inTime.filter(({ productName }) => text.includes(plain(productName)));
  return only(byName.length > 0 ? byName : inTime);
}
