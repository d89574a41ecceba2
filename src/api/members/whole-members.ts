import type { Db } from '../../db/client';
import type { Grant, Membership, Price, Product, StripeCustomer } from '../../db/generated/client';
import { paidIn } from '../../domain/currency-options';
import { type GrantFacts, isHeld, isLive } from '../../domain/access';
import { memberStatus } from '../../domain/member-status';
import type { OpenInvoice } from '../../domain/open-invoice';
import { isoTime, type Seconds, toSeconds, toSecondsOrNull } from '../../domain/time';
import type { CoachAuth } from '../http/route';
import { memberView, type WholeMember } from './view';

type Whose = Pick<CoachAuth, 'coachId' | 'mode'>;
type Held = Membership & { price: Price; checkout: { currency: string } };
type Given = Grant & { memberProduct: { product: Product } };

interface Paid {
  memberId: string;
  currency: string;
  amount: bigint;
}

/**
 * Members with what each of them has, owes and has paid, in the order of their ids: five statements, however many they are.
 * @param now seconds, UTC, on the coach's clock
 */
export async function wholeMembers(
  db: Db,
  { coachId, mode }: Whose,
  ids: readonly string[],
  now: Seconds,
): Promise<WholeMember[]> {
  const theirs = { coachId, mode, memberId: { in: [...ids] } };
  const [members, memberships, grants, paid] = await Promise.all([
    db.member.findMany({ where: { coachId, mode, id: { in: [...ids] } }, include: { customers: true } }),
    db.membership.findMany({
      where: theirs,
      include: { price: true, checkout: { select: { currency: true } } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    }),
    db.grant.findMany({
      where: theirs,
      include: { memberProduct: { include: { product: true } } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    }),
    db.$queryRaw<Paid[]>`
      SELECT member_id AS "memberId", currency,
        SUM(amount - CASE WHEN dispute = 'lost' THEN amount ELSE amount_refunded END)::bigint AS amount
      FROM payment WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND member_id = ANY(${[...ids]}::text[])
        AND status = 'succeeded'
      GROUP BY 1, 2 ORDER BY 1, 2`,
  ]);
  const ofMember = new Map(members.map((member) => [member.id, member]));
  const held = byMember(memberships);
  const given = byMember(grants);
  const sums = byMember(paid);
  return ids.flatMap((id) => {
    const member = ofMember.get(id);
    if (member === undefined) return [];
    return [
      {
        ...memberView(member),
        stripeAddress: stripeAddressOf(member.customers),
        ...whatTheyHave(held.get(id) ?? [], given.get(id) ?? [], now),
        totalPaid: (sums.get(id) ?? []).map(({ currency, amount }) => ({ currency, amount: Number(amount) })),
      },
    ];
  });
}

function stripeAddressOf(customers: readonly StripeCustomer[]): WholeMember['stripeAddress'] {
  if (customers.some(({ addressRevision, toldRevision }) => addressRevision !== toldRevision))
    return 'waiting';
  return customers.some(({ addressRefused }) => addressRefused !== null) ? 'refused' : 'told';
}

function byMember<Row extends { memberId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const theirs = found.get(row.memberId);
    if (theirs === undefined) found.set(row.memberId, [row]);
    else theirs.push(row);
  }
  return found;
}

function whatTheyHave(memberships: readonly Held[], grants: readonly Given[], now: Seconds) {
  const factsOf = ({ startsAt, until, suspended, revoked }: Given): GrantFacts => ({
    startsAt: toSeconds(startsAt),
    until: toSecondsOrNull(until),
    suspended,
    revoked,
  });
  const open = memberships.filter(({ status }) => status !== 'ended');
  const products = new Map(
    grants
      .filter((grant) => isLive(factsOf(grant), now))
      .map(({ memberProduct: { product } }) => [product.id, product.name]),
  );
  return {
    status: memberStatus({
      memberships,
      grants: grants.map((grant) => ({ cause: grant.cause, gives: isHeld(factsOf(grant), now) })),
    }),
    products: [...products].map(([id, name]) => ({ id, name })),
    prices: open.map(priceOf),
    nextCharge: nextChargeOf(open),
    owed: owedOf(open),
  };
}

const priceOf = ({ id, quantity, price: sold, checkout }: Held): WholeMember['prices'][number] => {
  const price = paidIn(sold, checkout.currency);
  return {
    id: price.id,
    membershipId: id,
    productId: price.productId,
    model: price.model,
    unitAmount: price.unitAmount,
    currency: price.currency,
    recurring:
      price.interval === null ? null : { interval: price.interval, intervalCount: price.intervalCount ?? 1 },
    installments: price.installments,
    minAmount: price.minAmount,
    maxAmount: price.maxAmount,
    quantity,
  };
};

function nextChargeOf(memberships: readonly Held[]): WholeMember['nextCharge'] {
  let first: WholeMember['nextCharge'] = null;
  for (const { id, nextChargeAt, nextChargeAmount, nextChargeCurrency } of memberships) {
    if (nextChargeAt === null || nextChargeCurrency === null) continue;
    const at = isoTime(nextChargeAt);
    if (first !== null && first.at <= at) continue;
    first = { at, amount: nextChargeAmount, currency: nextChargeCurrency, membershipId: id };
  }
  return first;
}

function owedOf(memberships: readonly Held[]): WholeMember['owed'] {
  const sums = new Map<string, number>();
  for (const { openInvoice } of memberships) {
    if (openInvoice === null) continue;
    const { currency, amountRemaining } = openInvoice as unknown as OpenInvoice;
    sums.set(currency, (sums.get(currency) ?? 0) + amountRemaining);
  }
  return [...sums].filter(([, amount]) => amount > 0).map(([currency, amount]) => ({ currency, amount }));
}
