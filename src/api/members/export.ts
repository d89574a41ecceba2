import { z } from 'zod';
import type { Db } from '../../db/client';
import { ProblemError } from '../../domain/problem';
import { isoTime } from '../../domain/time';
import { eventsOfMember, type MemberKey, tracesOf } from '../../store/member-events';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { id, time } from '../http/schemas';
import { findMember, memberIdsOf } from './records';

/** A row of ours as JSON: its columns by their names here, times in ISO 8601 (UTC), money in minor units. */
const rows = z.array(z.record(z.string(), z.unknown()));

const exportSchema = z
  .object({
    exportedAt: time,
    profile: z.record(z.string(), z.unknown()).meta({ description: 'The address, and your id for them' }),
    aliases: rows.meta({ description: 'Ids of ours that lead to the member' }),
    stripeCustomers: rows.meta({
      description: 'As whom Stripe knows them; Stripe holds their name and card',
    }),
    checkouts: rows.meta({
      description:
        'What was sent to Stripe for each, what was offered beside, and where the browser came from',
    }),
    seats: rows,
    memberships: rows,
    payments: rows.meta({ description: 'Each with its refunds' }),
    grants: rows.meta({ description: 'Every cause of access, with your notes' }),
    notes: rows.meta({ description: 'What you have written down about them' }),
    priceMoves: rows.meta({ description: 'Moves to another price that concerned them' }),
    timeline: rows,
    withdrawals: rows,
    consents: rows.meta({ description: 'What they agreed to when they bought, in the words that they saw' }),
    reminders: rows.meta({
      description: 'Purchases that they wanted to be reminded of, in the words that they saw',
    }),
    sessions: rows.meta({ description: 'Browsers in which they are signed in to their page' }),
    facts: rows.meta({ description: 'What became true of them, as `/v1/events` tells it' }),
    mails: rows.meta({ description: 'Mails to them: of which kind, and what became of each' }),
    events: rows.meta({
      description: "Stripe's events about them, with their bodies, as long as these are kept",
    }),
    erasure: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'MemberExport' });

/** What JSON has no way to write. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return isoTime(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

const plainRows = (found: readonly object[]) => found.map((row) => plain(row) as Record<string, unknown>);

async function allEventsOf(db: Db, key: MemberKey): Promise<object[]> {
  const traces = await tracesOf(db, key);
  const found: object[] = [];
  for (let after = 0n; ;) {
    const page = await eventsOfMember(db, key, traces, after);
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.id;
  }
}

/** A member's facts, those of who was joined with them too. */
async function factsOf(db: Db, { coachId, mode, memberId }: MemberKey): Promise<object[]> {
  const memberIds = await memberIdsOf(db, { coachId, mode }, memberId);
  return db.fact.findMany({
    where: { coachId, mode, memberId: { in: memberIds } },
    orderBy: [{ transaction: 'asc' }, { position: 'asc' }],
  });
}

/** All that is held about a member, in the order in which it came to be. */
export async function exportOf(db: Db, key: MemberKey) {
  const { coachId, mode, memberId } = key;
  const owned = { coachId, mode, memberId };
  const oldestFirst = { orderBy: { createdAt: 'asc' } } as const;
  const [
    profile,
    aliases,
    stripeCustomers,
    checkouts,
    seats,
    memberships,
    payments,
    grants,
    notes,
    priceMoves,
    timeline,
    withdrawals,
    consents,
    reminders,
    sessions,
    facts,
    mails,
    erasure,
    events,
  ] = await Promise.all([
    db.member.findFirstOrThrow({ where: { id: memberId, coachId, mode } }),
    db.memberAlias.findMany({ where: owned, ...oldestFirst }),
    db.stripeCustomer.findMany({ where: owned }),
    db.checkout.findMany({ where: owned, include: { beside: true }, ...oldestFirst }),
    db.seat.findMany({ where: { coachId, mode, checkout: { memberId } }, ...oldestFirst }),
    db.membership.findMany({ where: owned, ...oldestFirst }),
    db.payment.findMany({ where: owned, orderBy: { paidAt: 'asc' }, include: { refunds: true } }),
    db.grant.findMany({ where: owned, ...oldestFirst }),
    db.memberNote.findMany({ where: owned, ...oldestFirst }),
    db.priceMoveItem.findMany({ where: { coachId, mode, membership: { memberId } } }),
    db.timelineEntry.findMany({ where: owned, orderBy: { id: 'asc' } }),
    db.withdrawal.findMany({ where: owned, ...oldestFirst }),
    db.purchaseConsent.findMany({
      where: { coachId, mode, checkout: { memberId } },
      orderBy: { givenAt: 'asc' },
    }),
    db.checkoutReminder.findMany({
      where: { coachId, mode, checkout: { memberId } },
      omit: { sealed: true, addressHash: true },
      orderBy: { askedAt: 'asc' },
    }),
    db.memberSession.findMany({
      where: owned,
      orderBy: { createdAt: 'asc' },
      select: { createdAt: true, seenAt: true },
    }),
    factsOf(db, key),
    db.mail.findMany({ where: owned, omit: { sealed: true }, ...oldestFirst }),
    db.erasure.findUnique({ where: { memberId } }),
    allEventsOf(db, key),
  ]);
  return {
    exportedAt: isoTime(new Date()),
    profile: plain(profile) as Record<string, unknown>,
    aliases: plainRows(aliases),
    stripeCustomers: plainRows(stripeCustomers),
    checkouts: plainRows(checkouts),
    seats: plainRows(seats),
    memberships: plainRows(memberships),
    payments: plainRows(payments),
    grants: plainRows(grants),
    notes: plainRows(notes),
    priceMoves: plainRows(priceMoves),
    timeline: plainRows(timeline),
    withdrawals: plainRows(withdrawals),
    consents: plainRows(consents),
    reminders: plainRows(reminders),
    sessions: plainRows(sessions),
    facts: plainRows(facts),
    mails: plainRows(mails),
    events: plainRows(events),
    erasure: erasure === null ? null : (plain(erasure) as Record<string, unknown>),
  };
}

/** A member's own data, to hand over to them. GDPR, articles 15 and 20: https://eur-lex.europa.eu/eli/reg/2016/679/oj */
export function exportRoutes({ db }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/members/{id}/export',
      tag: 'Privacy',
      auth: 'coach',
      summary: 'All that is held about a member',
      description:
        "Everything in one JSON document, to give to the member. What Stripe holds of them is in your Stripe account. Answers that are kept for repeated requests (24 hours) are encrypted and lead to nobody; a member has no password here; of the browsers in which they are signed in to their page it says since when, and a purchase link's token is signed by you and not stored.",
      params: z.strictObject({ id: id('mbr') }),
      answers: { 200: { description: 'The data', schema: exportSchema } },
      async handler({ auth, params }) {
        const { coachId, mode } = auth;
        const member = await findMember(db, auth, params.id);
        if (member === null) throw new ProblemError('not_found', 'There is no member with this id.');
        return answer(200, await exportOf(db, { coachId, mode, memberId: member.id }));
      },
    }),
  ];
}
