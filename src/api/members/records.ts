import type { Db } from '../../db/client';
import { isUniqueViolation } from '../../db/errors';
import type { Member } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import type { Mode } from '../../domain/mode';
import { changeAddress } from '../../store/member-address';
import { pageArgs } from '../http/paging';
import { joinMembers } from './join';

/** How a request names a member: by our id, or by the coach's own id, perhaps with an e-mail address. */
export interface MemberRef {
  id?: string | undefined;
  externalId?: string | undefined;
  email?: string | undefined;
}

interface Owner {
  coachId: string;
  mode: Mode;
}

/**
 * The member behind `member=` of a query: our id (`mbr_…`, also of one who was joined with another since), or the coach's
 * own (also of one who was merged). Null when there is none yet.
 */
export async function findMember(
  db: Db,
  { coachId, mode }: Owner,
  reference: string,
): Promise<Member | null> {
  const named = reference.startsWith('mbr_') ? { id: reference } : { externalId: reference };
  const member = await db.member.findFirst({ where: { coachId, mode, ...named } });
  if (member !== null) return member;
  const alias = await db.memberAlias.findFirst({
    where: { coachId, mode, ...named },
    include: { member: true },
  });
  return alias?.member ?? null;
}

/** The same, unless the member was erased: nothing is given to them, and nobody is let in as them. */
export async function findPresentMember(db: Db, owner: Owner, reference: string): Promise<Member | null> {
  const member = await findMember(db, owner, reference);
  return member?.erasedAt == null ? member : null;
}

/** Every id that leads to a member: their own, and those of who was joined with them. */
export async function memberIdsOf(db: Db, { coachId, mode }: Owner, memberId: string): Promise<string[]> {
  const aliases = await db.memberAlias.findMany({ where: { coachId, mode, memberId }, select: { id: true } });
  return [memberId, ...aliases.map(({ id }) => id)];
}

/** What a list is asked for that may be of one member's things; null: there is no such member, so it has nothing. */
export async function listOfMember(
  db: Db,
  { coachId, mode }: Owner,
  query: { member?: string | undefined; limit: number; cursor?: string | undefined },
) {
  const { after, order } = pageArgs(query);
  const member =
    query.member === undefined ? undefined : await findMember(db, { coachId, mode }, query.member);
  if (member === null) return null;
  const memberId = member === undefined ? {} : { memberId: member.id };
  return { where: { coachId, mode, ...memberId, ...after }, order };
}

/**
 * The member that the coach's server speaks of, created if need be. A member who so far was known by the e-mail address
 * of a purchase only becomes the one with the coach's id, or is joined with the one who has that id already: the coach's
 * server says who that is.
 * @param newMemberId the id of a member that has to be created.
 * @throws ProblemError `not_found` for an unknown id of ours.
 */
export async function ensureMember(
  db: Db,
  owner: Owner,
  ref: MemberRef,
  newMemberId: () => string,
): Promise<{ member: Member; created: boolean }> {
  if (ref.id !== undefined) {
    const member = await findPresentMember(db, owner, ref.id);
    if (member === null)
      throw new ProblemError('not_found', 'There is no member with this id.', { field: 'member' });
    return { member: await setEmail(db, member, ref.email), created: false };
  }
  for (let attempt = 0; ; attempt++) {
    const present = await findNamed(db, owner, ref);
    if (present !== null) return { member: await setEmail(db, present, ref.email), created: false };
    try {
      const member = await db.member.create({
        data: { id: newMemberId(), ...owner, externalId: ref.externalId ?? null, email: ref.email ?? null },
      });
      return { member, created: true };
    } catch (error) {
      // Another request made the same member meanwhile: it is found now.
      if (!isUniqueViolation(error) || attempt === 2) throw error;
    }
  }
}

async function findNamed(db: Db, owner: Owner, ref: MemberRef): Promise<Member | null> {
  const { externalId, email } = ref;
  if (externalId !== undefined) {
    const named = await findMember(db, owner, externalId);
    if (named !== null) return named;
  }
  if (email === undefined) return null;
  const byEmail = await db.member.findFirst({ where: { ...owner, email, externalId: null } });
  if (byEmail === null || externalId === undefined) return byEmail;
  const { count } = await db.member.updateMany({
    where: { id: byEmail.id, externalId: null },
    data: { externalId },
  });
  return count === 1 ? { ...byEmail, externalId } : findMember(db, owner, externalId);
}

/** The coach's word about whose address it is: what a guest bought with it is that member's from now on. */
async function setEmail(db: Db, member: Member, email: string | undefined): Promise<Member> {
  if (email === undefined) return member;
  const { coachId, mode } = member;
  const guest = await db.member.findFirst({
    where: { coachId, mode, email, externalId: null, id: { not: member.id } },
  });
  if (guest !== null) await joinMembers(db, guest, member);
  if (email === member.email) return member;
  const key = { coachId, mode, memberId: member.id };
  const changed = await changeAddress(db, key, { email, causeId: null });
  if (changed === null) throw new ProblemError('not_found', 'The member was erased, or merged, meanwhile.');
  return changed;
}

/**
 * The member that an e-mail address joins something to: the first who has it, else a new one. It is no proof of who
 * types it, so whoever uses this says nothing about the member to the browser.
 */
export async function memberByEmail(
  db: Db,
  owner: Owner,
  email: string,
  newMemberId: () => string,
): Promise<string> {
  const present = await db.member.findFirst({
    where: { ...owner, email },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  });
  if (present !== null) return present.id;
  const { id } = await db.member.create({ data: { id: newMemberId(), ...owner, email } });
  return id;
}
