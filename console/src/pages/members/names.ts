import type { Member } from '../../api/types';
import type { Texts } from '../../texts/en';

/** What a member is called: their e-mail address, else the coach's own id for them. */
export function nameOf(member: Pick<Member, 'email' | 'externalId'>, { members }: Texts): string {
  return member.email ?? member.externalId ?? members.unknown;
}
