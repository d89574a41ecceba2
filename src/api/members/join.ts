import type { Db, Tx } from '../../db/client';
import type { Member } from '../../db/generated/client';
import { namesAfterMerge } from '../../domain/member-merge';
import type { TimelineKind } from '../../domain/timeline';

/** How often a purchase that is just being committed for the other member is waited out. */
const TRIES = 4;

/** Postgres: a row still refers to it, a deadlock, or somebody else's unique row. */
const RACES = ['P2002', 'P2003', 'P2025', 'P2034'];

/**
 * Makes one member of two, by the coach's word about an e-mail address: all that belongs to `guest`, who is known by the
 * address of a purchase only, is from now on `member`'s. The guest's id goes on leading there. In one transaction, with
 * the guest's row locked, and every row of a run raised in revision, so that a commit under way starts again and finds the
 * one member.
 */
export function joinMembers(db: Db, guest: Member, member: Member): Promise<void> {
  return withoutRaces(() => db.$transaction((tx) => joinGuest(tx, guest, member)));
}

/**
 * Makes one member of two, because a person says that they are one: the same as {@link joinMembers}, of any two. What the one
 * who stays does not have (an address, an id of the coach's) they get from the other, whose id of the coach's leads to them
 * from then on too. Who has been merged is signed out of their page.
 * @param check under the lock of both: @throws ProblemError where they may not be merged
 */
export function mergeMembers(
  db: Db,
  { from, into }: { from: Member; into: Member },
  by: string | null,
  check: (tx: Tx) => Promise<void>,
): Promise<void> {
  return withoutRaces(() =>
    db.$transaction(async (tx) => {
      await lockBoth(tx, from, into);
      await check(tx);
      const [gone, stays] = await Promise.all(
        [from, into].map(({ id, coachId, mode }) =>
          tx.member.findFirstOrThrow({ where: { id, coachId, mode } }),
        ),
      );
      if (gone === undefined || stays === undefined) return;
      await tx.erasure.deleteMany({ where: { memberId: gone.id } });
      const { alsoKnownAs, ...names } = namesAfterMerge(gone, stays);
      await moveAll(tx, gone, stays, alsoKnownAs, {
        kind: 'members_merged',
        causeId: by,
        effect: 'Two were one person: all that the other had belongs to this member now.',
      });
      await tx.member.update({ where: { id: stays.id }, data: names });
    }),
  );
}

async function withoutRaces(merge: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await merge();
      return;
    } catch (error) {
      if (!RACES.includes(String((error as { code?: unknown }).code)) || attempt === TRIES) throw error;
    }
  }
}

const lockBoth = (tx: Tx, one: Member, other: Member) =>
  tx.$queryRaw`SELECT 1 FROM member WHERE id IN (${one.id}, ${other.id}) ORDER BY id FOR UPDATE`;

async function joinGuest(tx: Tx, guest: Member, member: Member): Promise<void> {
  const { coachId, mode, id } = guest;
  await lockBoth(tx, guest, member);
  // Another request joined them meanwhile, or gave the guest an id of the coach's.
  const present = await tx.member.findFirst({ where: { coachId, mode, id, externalId: null } });
  if (present === null) return;
  await moveAll(tx, guest, member, null, {
    kind: 'member_joined',
    causeId: null,
    effect: 'What was bought with the same e-mail address belongs to this member now.',
  });
}

/** What the timeline says of it. */
interface Told {
  kind: TimelineKind;
  causeId: string | null;
  effect: string;
}

/** All that is `guest`'s is `member`'s from now on. @param knownAs an id of the coach's that leads there too */
async function moveAll(
  tx: Tx,
  guest: Member,
  member: Member,
  knownAs: string | null,
  told: Told,
): Promise<void> {
  const { coachId, mode } = guest;
  const owner = { coachId, mode };
  const from = { ...owner, memberId: guest.id };
  const to = { memberId: member.id };
  const pairs = await tx.memberProduct.findMany({ where: from });
  await tx.memberProduct.createMany({
    data: pairs.map(({ productId }) => ({ ...owner, ...to, productId })),
    skipDuplicates: true,
  });
  const live = { endedAt: null } as const;
  const held = await tx.membership.findMany({
    where: { ...owner, ...to, ...live },
    select: { productId: true },
  });
  // What the member holds twice now is shown to the coach.
  await tx.membership.updateMany({
    where: { ...from, ...live, productId: { in: held.map(({ productId }) => productId) } },
    data: { duplicate: true },
  });
  const moved = { ...to, revision: { increment: 1 } };
  await tx.membership.updateMany({ where: from, data: moved });
  await tx.checkout.updateMany({ where: from, data: moved });
  await tx.grant.updateMany({ where: from, data: to });
  await tx.payment.updateMany({ where: from, data: to });
  await tx.revenueMovement.updateMany({ where: from, data: to });
  await tx.stripeCustomer.updateMany({ where: from, data: to });
  await tx.timelineEntry.updateMany({ where: from, data: to });
  await tx.withdrawal.updateMany({ where: from, data: to });
  await tx.mail.updateMany({ where: from, data: to });
  await tx.mailSuppression.updateMany({ where: from, data: to });
  await tx.memberAlias.updateMany({ where: from, data: to });
  await tx.memberProduct.deleteMany({ where: from });
  await moveOpenCheckouts(tx, guest, member);
  await tx.memberNote.updateMany({ where: from, data: to });
  await tx.memberAlias.create({ data: { id: guest.id, ...owner, ...to, externalId: knownAs } });
  await tx.member.delete({ where: { id: guest.id } });
  await tx.timelineEntry.create({
    data: {
      ...owner,
      ...to,
      at: new Date(),
      cause: 'person',
      ...told,
      details: { joined: guest.id },
    },
  });
}

/** One open checkout for a buyer and product: the guest's moves along unless the member has one. */
async function moveOpenCheckouts(tx: Tx, guest: Member, member: Member): Promise<void> {
  const { coachId, mode } = guest;
  const buyerKey = `member:${member.id}`;
  const [theirs, own] = await Promise.all([
    tx.checkout.findMany({
      where: { coachId, mode, buyerKey: `member:${guest.id}` },
      select: { id: true, productId: true, status: true },
    }),
    tx.checkout.findMany({
      where: { coachId, mode, buyerKey, status: { in: ['opening', 'open', 'pending'] } },
      select: { productId: true },
    }),
  ]);
  const busy = new Set(own.map(({ productId }) => productId));
  const movable = theirs.filter(({ productId }) => !busy.has(productId)).map(({ id }) => id);
  await tx.checkout.updateMany({ where: { id: { in: movable } }, data: { buyerKey } });
}
