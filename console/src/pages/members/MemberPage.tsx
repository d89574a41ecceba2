import { lazy, Suspense } from 'react';
import { useParams } from 'react-router';
import { useRead } from '../../api/resource';
import type { Grant, Membership, WholeMember } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import { Loaded, Loading, Page, together } from '../../ui';
import { AccessSection } from './AccessSection';
import { GiftsSection } from './GiftsSection';
import { GiveAccess } from './GiveAccess';
import { MemberFacts } from './MemberFacts';
import { MembershipsSection } from './MembershipsSection';
import { nameOf } from './names';
import { Portal } from './Portal';
import { TimelineSection } from './TimelineSection';

/** What stands below comes after the rest: nobody waits for it. */
const MemberData = lazy(() => import('./MemberData').then((m) => ({ default: m.MemberData })));
const MemberNotes = lazy(() => import('./MemberNotes').then((m) => ({ default: m.MemberNotes })));

/** More than anybody buys; the API's largest page. */
const ALL = 100;

/** One member: what they have, why, what happens next, and all that happened. */
export function MemberPage() {
  const texts = useTexts();
  const { members } = texts;
  const paths = usePaths();
  const { memberId = '' } = useParams();
  const member = useRead('/v1/members/{id}', { params: { path: { id: memberId } } });
  const query = { member: memberId, limit: ALL };
  const memberships = useRead('/v1/memberships', { params: { query } });
  const grants = useRead('/v1/grants', { params: { query } });
  return (
    <Page
      title={member.data === undefined ? members.member : nameOf(member.data, texts)}
      parent={{ to: paths.members, label: members.title }}
      actions={member.data && <GiveAccess memberId={memberId} />}
    >
      <Loaded query={together(member, memberships, grants)} lines={6}>
        {([present, bought, given]) => (
          <MemberParts member={present} memberships={bought.data} grants={given.data} />
        )}
      </Loaded>
    </Page>
  );
}

interface MemberPartsProps {
  member: WholeMember;
  memberships: Membership[];
  grants: Grant[];
}

function MemberParts({ member, memberships, grants }: MemberPartsProps) {
  const products = [...new Set([...grants, ...memberships].map(({ productId }) => productId))];
  return (
    <>
      <MemberFacts member={member} />
      <AccessSection memberId={member.id} productIds={products} />
      <MembershipsSection memberships={memberships} />
      {memberships.some(({ kind }) => kind === 'subscription') && <Portal memberId={member.id} />}
      <GiftsSection grants={grants} />
      <Suspense fallback={<Loading />}>
        <MemberNotes memberId={member.id} />
      </Suspense>
      <TimelineSection memberId={member.id} />
      <Suspense fallback={<Loading />}>
        <MemberData member={member} hasMemberships={memberships.some(({ status }) => status !== 'ended')} />
      </Suspense>
    </>
  );
}
