import type { WholeMember } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { Facts } from '../../ui';
import { useHeld } from './held';
import { MemberTag } from './MemberTag';
import { MEMBER } from './member-texts';

/** What there is to know of a member at a glance. Their address is the page's title, unless they have none. */
export function MemberFacts({ member }: { member: WholeMember }) {
  const { members } = useTexts();
  const { columns } = usePageTexts(MEMBER);
  const format = useFormat();
  const held = useHeld();
  const { status, email, externalId, nextCharge, owed, totalPaid, createdAt } = member;
  return (
    <Facts
      facts={[
        [columns.status, <MemberTag key="status" status={status} />],
        nextCharge !== null && [columns.next, `${held.charge(nextCharge)}, ${format.date(nextCharge.at)}`],
        owed.length > 0 && [columns.owed, held.sums(owed).join(', ')],
        totalPaid.length > 0 && [columns.paid, held.sums(totalPaid).join(', ')],
        email === null && [members.email, members.noEmail],
        // Where there is no address, it is the title.
        email !== null && externalId !== null && [members.externalId, externalId],
        [columns.since, format.date(createdAt)],
      ]}
    />
  );
}
