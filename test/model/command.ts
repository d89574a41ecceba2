import { HOUR } from './catalog';
import type { Cause, Purchase, Subscription, Time } from './causes';
import type { Reference } from './reference';
import type { World } from './world';

/**
 * What can happen, each with the things that it can happen to, what it is for the reference, and what is done to the
 * real product. A command that has no target is skipped, so that what is counted did something.
 */
export interface Command<T> {
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

/** More than these are not bought, or given, beside each other, or in one sequence. */
const MOST_LIVING = 5;
const MOST_CAUSES = 16;
/** The renewal is charged an hour after the period's end. */
export const AFTER_RENEWAL = 2 * HOUR;
/** Minor units: less than any price. */
export const A_PART = 1000;

export const name = (cause: Cause) =>
  `#${cause.number} (${cause.member}, ${'offer' in cause ? cause.offer : cause.kind})`;

/** What may still give access comes first: something that is long over is a target only where nothing lives. */
export function living<T extends Purchase | Subscription>(model: Reference, causes: T[]): T[] {
  const live = causes.filter((cause) => cause.kind === 'purchase' || cause.status !== 'canceled');
  const giving = live.filter((cause) => model.gives(cause));
  return giving.length > 0 ? giving : live.length > 0 ? live : causes;
}

export const going = (model: Reference) =>
  model.connected ? model.subscriptions().filter(({ status }) => status !== 'canceled') : [];
export const steady = (model: Reference) =>
  going(model).filter(
    ({ status, paused }) => paused === null && (status === 'active' || status === 'trialing'),
  );
/** While the account is disconnected, only single payments are known by their id. */
export const payments = (model: Reference) =>
  model.bought().filter(({ kind }) => model.connected || kind === 'purchase');
/** A renewal is ahead, and nothing keeps it from being charged. */
export const renewing = (model: Reference) =>
  steady(model).filter(({ cancelAt, periodEnd }) => cancelAt === null || cancelAt > periodEnd);
export const newest = (cause: Purchase | Subscription) => cause.payments.at(-1);
export const owed = ({ bills }: Subscription) => bills.filter(({ finalizedAt }) => finalizedAt !== null);

/** Whether there is room for another reason for access. */
export function hasRoom(model: Reference): boolean {
  const live = model.causes.filter((cause) => cause.kind !== 'subscription' || cause.status !== 'canceled');
  return live.length < MOST_LIVING && model.causes.length < MOST_CAUSES;
}

/** Whose newest payment can be given back. */
export function refundable(model: Reference): (Purchase | Subscription)[] {
  const causes = payments(model).filter((cause) => {
    const payment = newest(cause);
    return (
      payment?.charged === true && payment.refunded !== 'fully' && ['none', 'won'].includes(payment.dispute)
    );
  });
  return living(model, causes);
}
