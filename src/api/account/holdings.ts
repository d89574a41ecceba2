import { readAccess } from '../../db/hot-reads';
import type {
  Grant,
  Member,
  Membership,
  Payment,
  Price,
  Product,
  PurchaseConsent,
  Withdrawal,
} from '../../db/generated/client';
import { priceFacts } from '../memberships/price-change';
import { paidIn } from '../../domain/currency-options';
import { problemOfChange } from '../../domain/price-change';
import { salesState } from '../../domain/sales-window';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { type AccessAnswer, answerAccess } from '../members/access-answer';
import type { SettingsChoices } from '../settings';

/** A purchase with what goes with it. */
export type Held = Membership & {
  price: Price;
  product: Product;
  grants: Grant[];
  checkout: { consent: PurchaseConsent | null; currency: string };
  withdrawal: Withdrawal | null;
};

const WITH = {
  price: true,
  product: true,
  grants: true,
  checkout: { select: { consent: true, currency: true } },
  withdrawal: true,
} as const;
/** Milliseconds for which what has ended is shown all the same: it can be withdrawn from. */
const SHOWN_FOR = 31 * 86_400_000;

/** With the price in the currency in which it is paid. */
const asPaid = (held: Held): Held => ({ ...held, price: paidIn(held.price, held.checkout.currency) });

/** What a member has, or had, of one product. */
export interface Holding {
  product: Product;
  answer: AccessAnswer;
  /** Those that have not ended, and those that began not long ago, the newest first. */
  memberships: Held[];
}

/** All that a member ever had, what gives access first. */
export async function readHoldings(deps: ApiDeps, member: Member): Promise<Holding[]> {
  const { db, pool } = deps;
  const { coachId, mode, id: memberId } = member;
  const owned = { coachId, mode, memberId };
  const [pairs, ordered, held, now] = await Promise.all([
    db.memberProduct.findMany({ where: owned, select: { product: true } }),
    db.checkout.findMany({ where: { ...owned, status: 'pending' }, select: { product: true } }),
    db.membership.findMany({
      where: {
        ...owned,
        OR: [{ endedAt: null }, { createdAt: { gt: new Date(Date.now() - SHOWN_FOR) } }],
      },
      include: WITH,
      orderBy: { createdAt: 'desc' },
    }),
    coachNow(deps, coachId, mode),
  ]);
  const products = new Map([...pairs, ...ordered].map(({ product }) => [product.id, product]));
  const ids = [...products.keys()];
  if (ids.length === 0) return [];
  const rows = await readAccess(
    pool,
    ids.map((productId) => ({ coachId, mode, member: memberId, productId })),
  );
  return [...products.values()]
    .map((product, i): Holding => {
      const { grants, isPending } = rows[i] ?? { grants: [], isPending: false };
      return {
        product,
        answer: answerAccess(grants, isPending, now),
        memberships: held.filter(({ productId }) => productId === product.id).map(asPaid),
      };
    })
    .sort(
      (a, b) =>
        Number(b.answer.access) - Number(a.answer.access) || a.product.name.localeCompare(b.product.name),
    );
}

/** The member's purchase of an id, with its price; null: it is not theirs. */
export async function findHeld({ db }: ApiDeps, member: Member, membershipId: string): Promise<Held | null> {
  const { coachId, mode, id: memberId } = member;
  const held = await db.membership.findFirst({
    where: { id: membershipId, coachId, mode, memberId },
    include: WITH,
  });
  return held && asPaid(held);
}

const MOST_PAYMENTS = 100;

/** The member's payments, the newest first. */
export function readPayments(
  { db }: ApiDeps,
  { coachId, mode, id: memberId }: Member,
): Promise<(Payment & { product: Product })[]> {
  return db.payment.findMany({
    where: { coachId, mode, memberId, status: 'succeeded' },
    include: { product: true },
    orderBy: { paidAt: 'desc' },
    take: MOST_PAYMENTS,
  });
}

/** The prices that a member may move to by themselves, as they are sold now; those with limited seats only the coach gives. */
export async function otherPrices(deps: ApiDeps, held: Held): Promise<Price[]> {
  const { coachId, mode, productId, quantity } = held;
  const now = await coachNow(deps, coachId, mode);
  const prices = await deps.db.price.findMany({
    where: { coachId, mode, productId, status: 'active', seats: null, id: { not: held.priceId } },
    orderBy: { createdAt: 'asc' },
  });
  const { currency } = held.checkout;
  const change = { quantity, prorate: true, isQuantityAsked: false, currencies: [currency] };
  return prices
    .filter(
      (price) =>
        salesState(price, now) === 'on_sale' &&
        problemOfChange(priceFacts(held.price), priceFacts(price), change) === null,
    )
    .map((price) => paidIn(price, currency));
}

/** What a member may do with a purchase by themselves, as it stands and as the coach allows it. */
export interface Allowed {
  /** Empty: it cannot be cancelled here. */
  cancelAt: ('period_end' | 'now')[];
  resume: boolean;
  changePrice: boolean;
}

const RESUMABLE: readonly string[] = ['scheduled_to_cancel', 'trial_ended_without_card'];
const CHANGEABLE: readonly string[] = ['paid', 'trial'];

/** Says what is offered; whether it can be done is decided where it is done. */
export function allowedOf(held: Held, settings: SettingsChoices): Allowed {
  const { kind, status, reason } = held;
  const now = settings.membersCancelNow ? (['now'] as const) : [];
  if (kind === 'one_off' || status === 'ended') return { cancelAt: [], resume: false, changePrice: false };
  if (held.installmentsDue !== null) return { cancelAt: [...now], resume: false, changePrice: false };
  const resume = RESUMABLE.includes(reason);
  const atEnd = status === 'canceling' || resume ? [] : (['period_end'] as const);
  return {
    cancelAt: [...atEnd, ...now],
    resume,
    changePrice: settings.membersChangePrice && CHANGEABLE.includes(reason),
  };
}
