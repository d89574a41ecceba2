import { hadTrial } from '../../store/trials';
import type { Db } from '../../db/client';
import type { SignedMember } from '../buy/member-token';
import type { Offer } from './offered-price';
import { readSettings } from '../settings';

/** The coach vouches for the address of a link: what a guest bought with it is this member's. */
const guestOf = ({ email }: SignedMember) => (email === undefined ? [] : [{ externalId: null, email }]);

/**
 * Whether who asks is to be promised no trial, having had the product's: the member that the link names, or an anonymous
 * browser by the hash of its cookie. Creates nobody.
 */
export async function isWithoutTrial(
  db: Db,
  offer: Offer,
  who: { member: SignedMember } | { visitor: string },
): Promise<boolean> {
  const { coachId, mode, trialDays } = offer;
  if (trialDays === null) return false;
  const whose =
    'visitor' in who
      ? { checkout: { buyerKey: `visitor:${who.visitor}` } }
      : { member: { OR: [{ externalId: who.member.externalId }, ...guestOf(who.member)] } };
  const { oneTrialPerMember } = await readSettings(db, coachId, mode);
  return oneTrialPerMember && hadTrial(db, whose, offer);
}
