/**
 * What must be true when all faults are over, as a pure function over what was observed from outside: what the emulator
 * knows was paid, what the API answers, and what waits anywhere.
 */

export interface ObservedMembership {
  id: string;
  checkoutId: string;
  memberId: string;
  productId: string;
  priceId: string;
  accountId: string;
  subscriptionId: string | null;
}

export interface ObservedPurchase {
  number: number;
  /** For a reader: shop, offer, what was done. */
  what: string;
  outcome: 'paid' | 'free' | 'sold_out' | 'left';
  /** By the reference model; null: so near to a change that either is right. */
  expected: boolean | null;
  access: boolean;
  /** Why, in the product's own words. */
  why: string;
  /** As the access check names it. */
  memberId: string | null;
  /** What the shop sells, on whose account. */
  accountId: string;
  productId: string;
  priceId: string;
  livemode: boolean;
  currency: string;
  subtotal: number;
  /** The coach's list. */
  checkout: { id: string; status: string; memberId: string | null } | null;
  /** Of the checkout, or of the member and the product. */
  memberships: ObservedMembership[];
  /** At Stripe, by the checkout's id in their metadata. */
  sessions: {
    id: string;
    accountId: string;
    livemode: boolean;
    complete: boolean;
    subtotal: number | null;
    currency: string | null;
    subscriptionId: string | null;
  }[];
  subscriptions: { id: string; accountId: string; firstInvoicesPaid: number }[];
  /** Charges that succeeded, by the payment that they were for. */
  charges: Record<string, number>;
}

export interface Observation {
  purchases: ObservedPurchase[];
  /** Limited offers. */
  seats: { what: string; seats: number; taken: number; held: number; heldByClosed: number }[];
  inbox: {
    waiting: string[];
    parked: string[];
    /** Answered with 200, and not there. */
    lost: string[];
    /** Ignored, though they are about a purchase of ours. */
    wronglyIgnored: string[];
  };
  runs: {
    failed: string[];
    /** Still running, though their row is over. */
    stuck: string[];
  };
  /** At Stripe, subscriptions and paid sessions of our checkouts that no purchase of the story has. */
  orphans: string[];
  /** Entries of a timeline that are there twice. */
  doubleEntries: string[];
  /** What was over, and is not any more. */
  wentBack: string[];
  /** What a coach was told of another coach or mode. */
  crossed: string[];
  /** Promises to a caller that were broken on the way. */
  brokenPromises: string[];
}

export type ViolationKind =
  | 'lost'
  | 'access_without_payment'
  | 'double_access'
  | 'double_charge'
  | 'differs'
  | 'crossed'
  | 'seats'
  | 'inbox'
  | 'runs'
  | 'orphan'
  | 'timeline'
  | 'went_back'
  | 'broken_promise';

export interface Violation {
  kind: ViolationKind;
  what: string;
}

/** Everything that is not as promised; empty where all is well. */
export function judge(seen: Observation): Violation[] {
  const found = (kind: ViolationKind, whats: readonly string[]): Violation[] =>
    whats.map((what) => ({ kind, what }));
  return [
    ...seen.purchases.flatMap(judgePurchase),
    ...seen.seats.flatMap(judgeSeats),
    ...found(
      'inbox',
      seen.inbox.waiting.map((event) => `${event} still waits`),
    ),
    ...found(
      'inbox',
      seen.inbox.parked.map((event) => `${event} is parked`),
    ),
    ...found(
      'lost',
      seen.inbox.lost.map((event) => `${event} was acknowledged, and is not in the inbox`),
    ),
    ...found(
      'inbox',
      seen.inbox.wronglyIgnored.map((event) => `${event} was ignored, and is ours`),
    ),
    ...found(
      'runs',
      seen.runs.failed.map((run) => `${run} has failed`),
    ),
    ...found(
      'runs',
      seen.runs.stuck.map((run) => `${run} still runs, and its row is over`),
    ),
    ...found('orphan', seen.orphans),
    ...found('timeline', seen.doubleEntries),
    ...found('went_back', seen.wentBack),
    ...found('crossed', seen.crossed),
    ...found('broken_promise', seen.brokenPromises),
  ];
}

function judgePurchase(one: ObservedPurchase): Violation[] {
  const violations: Violation[] = [];
  const say = (kind: ViolationKind, what: string): void => {
    violations.push({ kind, what: `purchase ${one.number} (${one.what}): ${what}` });
  };
  const complete = one.sessions.filter((session) => session.complete);

  if (one.expected === true && !one.access) say('lost', `no access, and there should be; ${one.why}`);
  if (one.expected === false && one.access)
    say('access_without_payment', `access, and there should be none; ${one.why}`);

  if (one.outcome === 'paid') {
    if (complete.length === 0) say('lost', 'paid, and Stripe has no completed session');
    if (one.memberships.length === 0) say('lost', 'paid, and there is no membership');
    if (one.checkout?.status !== 'completed')
      say('lost', `paid, and the checkout is ${one.checkout?.status}`);
  } else if (complete.length > 0 || one.memberships.length > 0)
    say('access_without_payment', 'nobody paid, and there is a completed session or a membership');

  if (one.memberships.length > 1) say('double_access', `${one.memberships.length} memberships`);
  if (complete.length > 1) say('double_charge', `${complete.length} completed sessions`);
  if (one.subscriptions.length > 1) say('double_charge', `${one.subscriptions.length} subscriptions`);
  for (const { id, firstInvoicesPaid } of one.subscriptions)
    if (firstInvoicesPaid > 1)
      say('double_charge', `the first period of ${id} was paid ${firstInvoicesPaid} times`);
  for (const [payment, charges] of Object.entries(one.charges))
    if (charges > 1) say('double_charge', `${payment} was charged ${charges} times`);

  for (const session of one.sessions) {
    if (session.accountId !== one.accountId)
      say('crossed', `session ${session.id} is on ${session.accountId}`);
    if (session.livemode !== one.livemode) say('crossed', `session ${session.id} is of the other mode`);
    if (session.complete && session.subtotal !== one.subtotal)
      say('differs', `${session.subtotal} was paid instead of ${one.subtotal}`);
    if (session.currency !== one.currency) say('differs', `currency ${session.currency}`);
  }
  for (const membership of one.memberships) {
    if (membership.accountId !== one.accountId) say('crossed', `membership on ${membership.accountId}`);
    if (membership.memberId !== one.memberId) say('differs', `membership of ${membership.memberId}`);
    if (membership.productId !== one.productId)
      say('differs', `membership of product ${membership.productId}`);
    if (membership.priceId !== one.priceId) say('differs', `membership at price ${membership.priceId}`);
    if (membership.checkoutId !== one.checkout?.id) say('differs', `membership of ${membership.checkoutId}`);
    const subscription = complete[0]?.subscriptionId ?? null;
    if (membership.subscriptionId !== subscription)
      say('differs', `membership of subscription ${membership.subscriptionId} instead of ${subscription}`);
  }
  return violations;
}

function judgeSeats({ what, seats, taken, held, heldByClosed }: Observation['seats'][number]): Violation[] {
  return [
    ...(taken + held > seats
      ? [{ kind: 'seats' as const, what: `${what}: ${taken} taken and ${held} held of ${seats}` }]
      : []),
    ...(heldByClosed > 0
      ? [{ kind: 'seats' as const, what: `${what}: ${heldByClosed} held by checkouts that are over` }]
      : []),
  ];
}
