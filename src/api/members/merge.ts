import { z } from 'zod';
import type { Db, Tx } from '../../db/client';
import type { Member } from '../../db/generated/client';
import { mergeProblem, namesAfterMerge } from '../../domain/member-merge';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { id } from '../http/schemas';
import { mergeMembers } from './join';
import { findMember } from './records';
import { memberSchema, memberView } from './view';

const TAG = 'Members and access';

const count = z.int();
const previewSchema = z
  .object({
    from: memberSchema.meta({ description: 'Who is merged: not there any more afterwards' }),
    into: memberSchema.meta({ description: 'Who stays, as they are now' }),
    after: z.object({
      email: z.string().nullable(),
      externalId: z.string().nullable(),
      alsoKnownAs: z
        .string()
        .nullable()
        .meta({ description: 'Your id for the one who is merged; it leads to the one who stays too' }),
    }),
    moves: z
      .object({
        memberships: count,
        gifts: count,
        payments: count,
        checkouts: count,
        notes: count,
        stripeCustomers: count,
      })
      .meta({ description: 'What becomes theirs' }),
    twice: z.array(z.object({ productId: z.string(), name: z.string() })).meta({
      description:
        'What both have a purchase of that goes on: both go on, marked as duplicates, until you cancel one',
    }),
  })
  .meta({ id: 'MergePreview' });

const SAID = {
  same_member: 'They are one member already.',
  member_erased: 'One of them was erased.',
  member_being_erased: 'One of them is being erased.',
} as const;

/** Two members who are one person. */
export function mergeRoutes({ db }: ApiDeps): Route[] {
  const params = z.strictObject({ id: id('mbr') });
  const body = z.strictObject({
    from: id('mbr').meta({ description: 'Who is merged into the member of the address' }),
  });
  const problems = ['not_found', 'same_member', 'member_erased', 'member_being_erased'];

  const expectBoth = async (auth: CoachAuth, intoId: string, fromId: string) => {
    const expect = async (memberId: string, field: string | null): Promise<Member> => {
      const member = await findMember(db, auth, memberId);
      if (member === null)
        throw new ProblemError(
          'not_found',
          'There is no member with this id.',
          field === null ? {} : { field },
        );
      return member;
    };
    return { into: await expect(intoId, null), from: await expect(fromId, 'from') };
  };

  return [
    route({
      method: 'post',
      path: '/v1/members/{id}/merge/preview',
      tag: TAG,
      auth: 'coach',
      summary: 'What merging another member into this one would do',
      description: 'Changes nothing.',
      params,
      body,
      answers: { 200: { description: 'What would be', schema: previewSchema } },
      problems,
      async handler({ auth, params, body }) {
        const both = await expectBoth(auth, params.id, body.from);
        await expectMergeable(db, both);
        return answer(200, await previewOf(db, both));
      },
    }),
    route({
      method: 'post',
      path: '/v1/members/{id}/merge',
      tag: TAG,
      auth: 'coach',
      summary: 'Merge another member into this one',
      description:
        'For one person who is two members. All that the other has becomes this member’s, in one transaction: purchases, access, payments, notes, Stripe’s customers, and what Stripe tells of them later. Nothing is changed at Stripe, and nothing takes it back. Our id of the other, and yours, lead to this member from then on. Both have to be of this mode.',
      params,
      body,
      answers: { 200: { description: 'The member who stays', schema: memberSchema } },
      problems,
      async handler({ auth, params, body }) {
        const both = await expectBoth(auth, params.id, body.from);
        // A repetition after a crash: the other's id leads to the one who stays.
        const isDone = both.from.id === both.into.id && body.from !== both.into.id;
        if (!isDone) {
          await expectMergeable(db, both);
          await mergeMembers(db, both, auth.keyId, (tx) => expectMergeable(tx, both));
        }
        const { coachId, mode } = auth;
        const stays = await db.member.findFirstOrThrow({ where: { coachId, mode, id: both.into.id } });
        return answer(200, memberView(stays));
      },
    }),
  ];
}

interface Both {
  from: Member;
  into: Member;
}

/** @throws ProblemError why not */
async function expectMergeable(db: Db | Tx, { from, into }: Both): Promise<void> {
  const ids = { in: [from.id, into.id] };
  const erasures = await db.erasure.count({
    where: { memberId: ids, status: { in: ['waiting', 'erasing'] } },
  });
  const erased = await db.member.count({ where: { id: ids, erasedAt: { not: null } } });
  const problem = mergeProblem({
    isSame: from.id === into.id,
    isBeingErased: erasures > 0,
    isErased: erased > 0,
  });
  if (problem !== null) throw new ProblemError(problem, SAID[problem], { field: 'from' });
}

async function previewOf(db: Db, { from, into }: Both): Promise<z.input<typeof previewSchema>> {
  const { coachId, mode } = from;
  const where = { coachId, mode, memberId: from.id };
  const goingOn = (memberId: string) =>
    db.membership.findMany({
      where: { coachId, mode, memberId, endedAt: null },
      include: { product: true },
    });
  const [memberships, gifts, payments, checkouts, notes, stripeCustomers, theirs, own] = await Promise.all([
    db.membership.count({ where }),
    db.grant.count({ where: { ...where, cause: { not: 'membership' } } }),
    db.payment.count({ where }),
    db.checkout.count({ where }),
    db.memberNote.count({ where }),
    db.stripeCustomer.count({ where }),
    goingOn(from.id),
    goingOn(into.id),
  ]);
  const held = new Set(own.map(({ productId }) => productId));
  const twice = new Map(
    theirs.filter(({ productId }) => held.has(productId)).map(({ product }) => [product.id, product.name]),
  );
  return {
    from: memberView(from),
    into: memberView(into),
    after: namesAfterMerge(from, into),
    moves: { memberships, gifts, payments, checkouts, notes, stripeCustomers },
    twice: [...twice].map(([productId, name]) => ({ productId, name })),
  };
}
