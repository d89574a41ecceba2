import { useParams } from 'react-router';
import { useRead } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import { Loaded, Page } from '../../ui';
import { MembershipCard } from './MembershipsSection';
import { StorySection } from './TimelineSection';

/** The story of one membership: how it is now, why, and all that happened since its checkout. */
export function MembershipPage() {
  const { members } = useTexts();
  const paths = usePaths();
  const { memberId = '', membershipId = '' } = useParams();
  const membership = useRead('/v1/memberships/{id}', { params: { path: { id: membershipId } } });
  return (
    <Page title={members.memberships.one} parent={{ to: paths.member(memberId), label: members.member }}>
      <Loaded query={membership} lines={6}>
        {(present) => (
          <>
            <MembershipCard membership={present} withStory={false} />
            <StorySection membershipId={present.id} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
