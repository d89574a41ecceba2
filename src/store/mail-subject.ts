import type { Db } from '../db/client';
import type { Clock } from '../db/clock';
import type { Mail, Price } from '../db/generated/client';
import { accessOf } from '../domain/access';
import { paidIn } from '../domain/currency-options';
import type { OpenInvoice } from '../domain/open-invoice';
import type { Mode } from '../domain/mode';
import { DAY, MINUTE, type Seconds, toDate, toSeconds, toSecondsOrNull } from '../domain/time';

/** The ids that a mail concerns, as its fact has them. */
type Ids = Partial<
  Record<
    | 'productId'
    | 'priceId'
    | 'checkoutId'
    | 'membershipId'
    | 'connectionId'
    | 'webhookEndpointId'
    | 'withdrawalId'
    | 'stripeId',
    string
  >
>;

/** What the database has put beside the ids: a date (seconds, UTC), or a payment as it was. */
type About = Partial<Record<'at' | 'amount' | 'amountRefunded', number> & { currency: string }>;

/** Kinds of which only the newest about a thing is sent. */
const NEWEST_ALONE = new Set([
  'renewal_failed',
  'payment_failed',
  'recovered',
  'cancellation_noted',
  'access_ended',
  'dispute',
  'account_restricted',
  'withdrawal_waits',
]);

export type MailAbout = Awaited<ReturnType<typeof readMailAbout>>;

/** All that a mail can be about, as it is now. */
export async function readMailAbout(db: Db, clock: Clock, mail: Mail) {
  const { coachId, mode, memberId } = mail;
  const ids = mail.ids as Ids;
  const owned = { coachId, mode };
  const [coach, settings, connection, member, checkout, withdrawal] = await Promise.all([
    db.coach.findUniqueOrThrow({ where: { id: coachId } }),
    db.mailSettings.findUnique({ where: { coachId_mode: owned } }),
    db.connection.findFirst({
      where: { ...owned, accountId: { not: null } },
      orderBy: [{ connectedAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'desc' }],
      select: { accountId: true },
    }),
    memberId === null ? null : db.member.findFirst({ where: { ...owned, id: memberId } }),
    ids.checkoutId === undefined
      ? null
      : db.checkout.findFirst({
          where: { ...owned, id: ids.checkoutId },
          include: {
            beside: {
              where: { takenAt: { not: null } },
              include: { product: true },
              orderBy: { position: 'asc' },
            },
          },
        }),
    ids.withdrawalId === undefined
      ? null
      : db.withdrawal.findFirst({
          where: { ...owned, id: ids.withdrawalId },
          include: { membership: { select: { productId: true } } },
        }),
  ]);
  const productId = ids.productId ?? checkout?.productId ?? withdrawal?.membership?.productId;
  const ofProduct = { ...owned, memberId: memberId ?? '', productId: productId ?? '' };
  const about = mail.about as About;
  const [membership, product, grants, newer, now, isFirst, day, isStillSo] = await Promise.all([
    membershipOf(db, mail, ids, productId),
    productId === undefined ? null : db.product.findFirst({ where: { ...owned, id: productId } }),
    db.grant.findMany({ where: ofProduct }),
    NEWEST_ALONE.has(mail.kind) ? newerOf(db, mail, ids) : 0,
    clock.now(mode, connection?.accountId ?? null),
    mail.kind === 'sale' ? isFirstSale(db, owned, checkout) : false,
    mail.kind === 'sales_of_the_day' && about.at !== undefined ? salesOf(db, owned, about.at) : null,
    isAsBadStill(db, owned, mail.kind, ids),
  ]);
  const priceId = membership?.priceId ?? ids.priceId ?? checkout?.priceId;
  const price = await priceOf(db, owned, priceId, membership?.checkoutId ?? checkout?.id);
  const access = accessOf(
    grants.map((grant) => ({
      ...grant,
      startsAt: begunAt(toSeconds(grant.startsAt), now),
      until: toSecondsOrNull(grant.until),
    })),
    now,
  );
  return {
    now,
    coach,
    settings,
    member,
    checkout,
    membership,
    /** Written by src/store/membership-commit.ts only. */
    openInvoice: (membership?.openInvoice ?? null) as OpenInvoice | null,
    product,
    price,
    withdrawal,
    access,
    isSuperseded: newer > 0,
    invoiceId: ids.stripeId ?? null,
    about,
    isFirst,
    day,
    isStillSo:
      mail.kind === 'dispute'
        ? membership?.disputedAt != null
        : mail.kind === 'withdrawal_waits'
          ? ['unproven', 'to_decide', 'failed'].includes(withdrawal?.status ?? '')
          : isStillSo,
  };
}

/** Hosts' clocks differ a little: what begins within the minute has begun, as what was paid has just now. */
const begunAt = (startsAt: Seconds, now: Seconds) =>
  startsAt <= now + MINUTE ? Math.min(startsAt, now) : startsAt;

/** The price, in the currency in which it is paid for. */
async function priceOf(
  db: Db,
  owned: { coachId: string; mode: Mode },
  id: string | undefined,
  checkoutId: string | undefined,
): Promise<Price | null> {
  if (id === undefined) return null;
  const [price, checkout] = await Promise.all([
    db.price.findFirst({ where: { ...owned, id } }),
    checkoutId === undefined
      ? null
      : db.checkout.findFirst({ where: { ...owned, id: checkoutId }, select: { currency: true } }),
  ]);
  return price !== null && checkout !== null ? paidIn(price, checkout.currency) : price;
}

/** The purchase that a mail names, or what its checkout has become, or the last of its product. */
async function membershipOf(db: Db, mail: Mail, ids: Ids, productId: string | undefined) {
  const owned = { coachId: mail.coachId, mode: mail.mode };
  if (ids.membershipId !== undefined)
    return db.membership.findFirst({ where: { ...owned, id: ids.membershipId } });
  if (ids.checkoutId !== undefined)
    return db.membership.findFirst({ where: { ...owned, checkoutId: ids.checkoutId } });
  if (mail.memberId === null || productId === undefined) return null;
  return db.membership.findFirst({
    where: { ...owned, memberId: mail.memberId, productId },
    orderBy: { createdAt: 'desc' },
  });
}

function newerOf(db: Db, { coachId, mode, memberId, kind, createdAt }: Mail, ids: Ids): Promise<number> {
  const name =
    (['withdrawalId', 'membershipId', 'connectionId', 'productId'] as const).find(
      (each) => ids[each] !== undefined,
    ) ?? 'productId';
  return db.mail.count({
    where: {
      coachId,
      mode,
      memberId,
      kind,
      createdAt: { gt: createdAt },
      ids: { path: [name], equals: ids[name] ?? '' },
    },
  });
}

/** Whether nothing was completed before. */
async function isFirstSale(
  db: Db,
  owned: { coachId: string; mode: Mode },
  checkout: { id: string; endedAt: Date | null } | null,
): Promise<boolean> {
  if (checkout?.endedAt == null) return false;
  const before = { lte: checkout.endedAt };
  return (
    (await db.checkout.count({
      where: { ...owned, status: 'completed', id: { not: checkout.id }, endedAt: before },
    })) === 0
  );
}

/** What was sold and paid on a day. @param at its first second, UTC */
async function salesOf(db: Db, owned: { coachId: string; mode: Mode }, at: Seconds) {
  const within = { gte: toDate(at), lt: toDate(at + DAY) };
  const [count, paid] = await Promise.all([
    db.checkout.count({ where: { ...owned, status: 'completed', endedAt: within } }),
    db.payment.groupBy({
      by: ['currency'],
      where: { ...owned, status: 'succeeded', paidAt: within },
      _sum: { amount: true },
    }),
  ]);
  return { at, count, totals: paid.map(({ currency, _sum }) => ({ currency, amount: _sum.amount ?? 0 })) };
}

/** Whether a receiver is still off, an account still restricted, an event of it still parked. */
async function isAsBadStill(
  db: Db,
  owned: { coachId: string; mode: Mode },
  kind: string,
  ids: Ids,
): Promise<boolean> {
  if (kind === 'event_parked') {
    const { mode } = owned;
    const eventId = ids.stripeId ?? '';
    return (await db.inbox.count({ where: { mode, eventId, status: 'parked' } })) > 0;
  }
  if (ids.webhookEndpointId !== undefined) {
    const where = { ...owned, id: ids.webhookEndpointId, status: 'disabled' as const };
    return (await db.webhookEndpoint.count({ where })) > 0;
  }
  if (ids.connectionId !== undefined) {
    const where = { ...owned, id: ids.connectionId, status: 'connected' as const, chargesEnabled: false };
    return (await db.connection.count({ where })) > 0;
  }
  return true;
}

/** The texts of the coach's around one kind of mail. */
export async function readMailText(
  db: Db,
  { coachId, mode, kind }: Pick<Mail, 'coachId' | 'mode' | 'kind'>,
  language: string,
): Promise<{ before: string; after: string }> {
  const row = await db.mailText.findUnique({
    where: { coachId_mode_kind_language: { coachId, mode, kind, language } },
  });
  return { before: row?.before ?? '', after: row?.after ?? '' };
}

export const nowOrLater = (at: Date | null, now: Seconds): Seconds | null => {
  const seconds = toSecondsOrNull(at);
  return seconds !== null && seconds > now ? seconds : null;
};
