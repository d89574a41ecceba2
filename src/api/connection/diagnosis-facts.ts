import type Stripe from 'stripe';
import { connectionFacts } from '../../store/connection-state';
import type { Connection } from '../../db/generated/client';
import type { AccountNow, DiagnosisFacts, SeenEvent, Unreachable } from '../../domain/diagnosis-facts';
import { isEnded } from '../../domain/connection';
import type { Mode } from '../../domain/mode';
import { DAY, MINUTE, type Seconds, toSeconds } from '../../domain/time';
import { lookAtAccount, missingForTax } from '../../stripe/account';
import { onePage } from '../../stripe/every-page';
import { listEndpoints, wantedEndpoint } from '../../stripe/webhook-endpoints';
import { isEventType } from '../../stripe/event-types';
import { findConnection } from './view';
import { OFF_SALE_AT_STRIPE } from '../catalog/sellable';
import type { ApiDeps } from '../deps';

/** Milliseconds that each question to Stripe may take; all of them are asked at once. */
const STRIPE_TIMEOUT_MS = 5_000;
/** How far back Stripe's own list of events is compared with ours. */
const COMPARED = 3 * DAY;
/** Mails are spoken of for so long. */
const UNCLEAR_FOR = 7 * DAY;
/** A delivery may take so long without being missing, and an event here without being late. */
const UNDER_WAY = MINUTE;
/** Stripe's longest page. */
const PAGE = 100;

/**
 * Looks at everything that a diagnosis of one coach's connection needs: our rows, and Stripe at this moment. Of others
 * it sees only what the platform shares: its endpoints, and when an event last came from anybody.
 */
export async function collectFacts(deps: ApiDeps, coachId: string, mode: Mode): Promise<DiagnosisFacts> {
  const { db, config } = deps;
  const row = await findConnection(db, coachId, mode);
  const stripe = deps.stripe.of(mode);
  const accountId = row === null ? null : row.accountId;
  const asked = row === null || isEnded(row.status) ? null : accountId;
  const [account, taxMissing, endpoints, undelivered, ofAccount, ofAny, inbox] = await Promise.all([
    asked === null ? null : accountNow(stripe, asked),
    asked === null ? null : taxNow(deps, stripe, { coachId, mode, accountId: asked }),
    orUnreachable(listEndpoints(stripe, { timeout: STRIPE_TIMEOUT_MS })),
    row === null || isEnded(row.status) ? null : undeliveredEvents(deps, stripe, row),
    accountId === null ? null : lastEvent(deps, mode, accountId),
    lastEvent(deps, mode, undefined),
    accountId === null ? { late: 0, parked: 0 } : openEvents(deps, mode, accountId),
  ]);
  const defaultCurrency =
    account !== null && typeof account === 'object'
      ? account.defaultCurrency
      : (row?.defaultCurrency ?? null);
  return {
    mode,
    connection: row === null ? null : { ...connectionFacts(row), accountId },
    account,
    taxMissing,
    endpoints,
    wanted: wantedEndpoint('connect', config.api.publicUrl),
    lastEvent: { ofAccount, ofAny },
    undelivered,
    inbox,
    defaultCurrency,
    foreignPrices: await foreignPrices(deps, coachId, mode, defaultCurrency),
    mails: await mails(deps, coachId, mode),
    offSale: await offSale(deps, coachId, mode),
  };
}

async function offSale(
  { db }: ApiDeps,
  coachId: string,
  mode: Mode,
): Promise<NonNullable<DiagnosisFacts['offSale']>> {
  const prices = await db.price.findMany({
    where: { coachId, mode, ...OFF_SALE_AT_STRIPE },
    select: { failureMessage: true, product: { select: { name: true } } },
    orderBy: { createdAt: 'asc' },
    take: PAGE,
  });
  return prices.map(({ failureMessage, product }) => ({ name: product.name, why: failureMessage ?? '' }));
}

async function orUnreachable<T>(answer: Promise<T>): Promise<T | Unreachable> {
  try {
    return await answer;
  } catch {
    return 'unreachable';
  }
}

async function accountNow(stripe: Stripe, accountId: string): Promise<AccountNow> {
  const answer = await orUnreachable(lookAtAccount(stripe, accountId, { timeout: STRIPE_TIMEOUT_MS }));
  if (typeof answer === 'string') return answer;
  return { ...answer.facts, platformControlled: answer.platformControlled };
}

/** What Stripe Tax wants before it works, where the coach has it work out the tax. */
async function taxNow(
  { db }: ApiDeps,
  stripe: Stripe,
  { coachId, mode, accountId }: { coachId: string; mode: Mode; accountId: string },
): Promise<DiagnosisFacts['taxMissing']> {
  const settings = await db.settings.findUnique({
    where: { coachId_mode: { coachId, mode } },
    select: { automaticTax: true },
  });
  if (settings?.automaticTax !== true) return null;
  return orUnreachable(missingForTax(stripe, accountId, { timeout: STRIPE_TIMEOUT_MS }));
}

/** Stripe's own list of what happened on the account lately, less what the inbox has. https://docs.stripe.com/api/events/list */
async function undeliveredEvents(
  { db, clock }: ApiDeps,
  stripe: Stripe,
  { mode, accountId, connectedAt }: Connection,
): Promise<DiagnosisFacts['undelivered']> {
  if (accountId === null || connectedAt === null) return null;
  const now = await clock.now(mode, accountId);
  const created = { gte: Math.max(toSeconds(connectedAt), now - COMPARED), lte: now - UNDER_WAY };
  const options = { stripeAccount: accountId, timeout: STRIPE_TIMEOUT_MS };
  const page = await orUnreachable(onePage(stripe.events.list({ created, limit: PAGE }, options)));
  if (page === 'unreachable') return page;
  const needed = page.filter(({ type }) => isEventType(type));
  const known = await db.inbox.findMany({
    where: { mode, eventId: { in: needed.map(({ id }) => id) } },
    select: { eventId: true },
  });
  const ids = new Set(known.map(({ eventId }) => eventId));
  const missing = needed.filter(({ id }) => !ids.has(id));
  const newest = missing[0];
  return {
    count: missing.length,
    newest: newest === undefined ? null : { type: newest.type, at: newest.created },
  };
}

/** The newest event of an account, or of any. Our own hints are none. */
async function lastEvent(
  { db }: ApiDeps,
  mode: Mode,
  accountId: string | undefined,
): Promise<SeenEvent | null> {
  const row = await db.inbox.findFirst({
    where: {
      mode,
      accountId: accountId ?? { not: null },
      eventId: { startsWith: 'evt_' },
    },
    // Each order walks an index from its newest end.
    orderBy: accountId === undefined ? { id: 'desc' } : { receivedAt: 'desc' },
    select: { type: true, receivedAt: true },
  });
  return row === null ? null : { type: row.type, at: toSeconds(row.receivedAt) };
}

async function openEvents({ db }: ApiDeps, mode: Mode, accountId: string): Promise<DiagnosisFacts['inbox']> {
  const before: Seconds = Date.now() - UNDER_WAY * 1000;
  const [late, parked] = await Promise.all([
    db.inbox.count({ where: { mode, accountId, status: 'waiting', receivedAt: { lt: new Date(before) } } }),
    db.inbox.count({ where: { mode, accountId, status: 'parked' } }),
  ]);
  return { late, parked };
}

async function foreignPrices(
  { db }: ApiDeps,
  coachId: string,
  mode: Mode,
  defaultCurrency: string | null,
): Promise<DiagnosisFacts['foreignPrices']> {
  if (defaultCurrency === null) return [];
  const prices = await db.price.findMany({
    where: { coachId, mode, status: 'active', currency: { not: defaultCurrency } },
    select: { currency: true, product: { select: { name: true } } },
    orderBy: { createdAt: 'asc' },
    take: PAGE,
  });
  return prices.map(({ currency, product }) => ({ name: product.name, currency }));
}

async function mails({ db, config }: ApiDeps, coachId: string, mode: Mode) {
  const since = new Date(Date.now() - UNCLEAR_FOR * 1000);
  const unclear = await db.mail.count({
    where: { coachId, mode, status: 'unclear', createdAt: { gte: since } },
  });
  return { sends: config.mailServer !== null, unclear };
}
