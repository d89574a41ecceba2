import { decrypt, DecryptionError, encrypt } from '../db/encryption';
import type { Db, Tx } from '../db/client';
import type { Checkout, Mail } from '../db/generated/client';
import { accessOf } from '../domain/access';
import type { Language } from '../domain/language';
import type { Mode } from '../domain/mode';
import { REMINDER_LIFETIME, whyNotRemind } from '../domain/reminder';
import type { MailReason } from '../domain/mails';
import { selling } from '../domain/selling';
import { type Seconds, toSeconds, toSecondsOrNull } from '../domain/time';
import { connectionFacts } from './connection-state';
import { hashOfAddress } from './mail-suppressions';
import { queueMail } from './mails';
import type { MemberKey } from './member-events';
import { countSeats } from './seat';

/** What a buyer has asked for: to be reminded once. */
export interface AskedReminder {
  /** In the words that they saw. */
  text: string;
  language: Language;
  address: string;
  /** The way back. */
  url: string;
}

/** What is kept of it until the checkout is over. */
type Sealed = Pick<AskedReminder, 'address' | 'url'>;

const sealedAs = (checkoutId: string) => `checkout-reminder/${checkoutId}`;

/** Keeps what the buyer has asked for last: to be reminded, or (null) not to be. */
export async function noteReminder(
  db: Db | Tx,
  encryptionKey: Buffer,
  { id: checkoutId, coachId, mode }: { id: string; coachId: string; mode: Mode },
  asked: AskedReminder | null,
): Promise<void> {
  if (asked === null) {
    await db.checkoutReminder.deleteMany({ where: { checkoutId, coachId, mode } });
    return;
  }
  const { text, language, address, url } = asked;
  const sealed: Sealed = { address, url };
  const data = {
    text,
    language,
    askedAt: new Date(),
    addressHash: hashOfAddress(encryptionKey, { coachId, mode, address }),
    sealed: encrypt(encryptionKey, JSON.stringify(sealed), sealedAs(checkoutId)),
  };
  await db.checkoutReminder.upsert({
    where: { checkoutId },
    create: { checkoutId, coachId, mode, ...data },
    update: data,
  });
}

/**
 * Has the buyer reminded whose checkout has expired, if they have asked for it: in the transaction that ends it, before it does, as
 * the address goes with the end (prisma/migrations, `forget_reminder`). Once for each product and address.
 * @param now seconds, UTC, the system's clock
 */
export async function queueReminder(
  tx: Tx,
  encryptionKey: Buffer,
  row: Pick<Checkout, 'id' | 'coachId' | 'mode' | 'memberId' | 'productId' | 'priceId'>,
  now: Seconds,
): Promise<void> {
  const asked = await tx.checkoutReminder.findUnique({ where: { checkoutId: row.id } });
  const sealed = asked?.sealed == null ? null : openSealed(encryptionKey, row.id, asked.sealed);
  if (asked === null || sealed === null) return;
  const { address, url } = sealed;
  const { coachId, mode, memberId, productId, priceId } = row;
  await queueMail(tx, encryptionKey, {
    coachId,
    mode,
    kind: 'checkout_left',
    memberId,
    data: { url, expiresAt: now + REMINDER_LIFETIME },
    to: address,
    language: asked.language === 'de' ? 'de' : 'en',
    key: `${productId}/${asked.addressHash}`,
    ids: { checkoutId: row.id, productId, priceId },
  });
}

/** What was sealed; null: under another key. No purchase waits for a reminder that cannot be read. */
function openSealed(encryptionKey: Buffer, checkoutId: string, sealed: string): Sealed | null {
  try {
    return JSON.parse(decrypt(encryptionKey, sealed, sealedAs(checkoutId))) as Sealed;
  } catch (error) {
    if (error instanceof DecryptionError) return null;
    throw error;
  }
}

/** Why nobody is reminded of a purchase any more; null: they are. @param now seconds, UTC, on the account's clock */
export async function leftOverOf(
  db: Db,
  { coachId, mode }: Pick<Mail, 'coachId' | 'mode'>,
  checkout: Checkout | null,
  address: string,
  now: Seconds,
): Promise<MailReason | null> {
  if (checkout === null) return 'gone';
  const owned = { coachId, mode };
  const { productId, buyerKey, memberId, createdAt } = checkout;
  const [price, connection, members] = await Promise.all([
    db.price.findFirstOrThrow({
      where: { ...owned, id: checkout.priceId },
      include: { product: true, alsoGives: { select: { product: { select: { status: true } } } } },
    }),
    db.connection.findFirst({ where: { ...owned, status: 'connected' } }),
    db.member.findMany({ where: { ...owned, email: address.toLowerCase() }, select: { id: true } }),
  ]);
  const memberIds = [...members.map(({ id }) => id), ...(memberId === null ? [] : [memberId])];
  const byBuyer = { OR: [{ buyerKey }, { memberId: { in: memberIds } }] };
  const since = { OR: [{ createdAt: { gt: createdAt } }, { endedAt: { gt: createdAt } }] };
  const others = { ...owned, productId, id: { not: checkout.id }, AND: [byBuyer, since] };
  const [bought, open, grants, seats] = await Promise.all([
    db.checkout.count({ where: { ...others, status: { in: ['pending', 'completed'] } } }),
    db.checkout.count({ where: { ...others, status: { in: ['opening', 'open'] } } }),
    db.grant.findMany({ where: { ...owned, productId, memberId: { in: memberIds } } }),
    price.seats === null ? 0 : countSeats(db, price),
  ]);
  const access = accessOf(
    grants.map((grant) => ({
      ...grant,
      startsAt: toSeconds(grant.startsAt),
      until: toSecondsOrNull(grant.until),
    })),
    now,
  );
  return whyNotRemind(
    {
      hasBought: bought > 0,
      hasAccess: (access.access || access.begins !== undefined) && !price.product.allowMultiple,
      isAtItAgain: open > 0,
      price,
      isArchived: [price.product, ...price.alsoGives.map(({ product }) => product)].some(
        ({ status }) => status === 'archived',
      ),
      canCharge: connection !== null && selling(connectionFacts(connection)).canSell,
      hasSeat: price.seats === null || seats < price.seats,
    },
    now,
  );
}

/** What a member has asked for, by checkout or by their address: part of the member's erasure. */
export async function forgetRemindersOf(
  tx: Tx,
  { coachId, mode, memberId }: MemberKey,
  email: string | null,
  encryptionKey: Buffer,
): Promise<void> {
  const addressHash = email === null ? null : hashOfAddress(encryptionKey, { coachId, mode, address: email });
  await tx.checkoutReminder.deleteMany({
    where: {
      coachId,
      mode,
      OR: [{ checkout: { memberId } }, ...(addressHash === null ? [] : [{ addressHash }])],
    },
  });
}
