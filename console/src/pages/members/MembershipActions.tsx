import { Button, Group } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Membership } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { useNotify } from '../../ui/notices';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { CancelMembership } from './CancelMembership';
import { ChangePrice } from './ChangePrice';
import { PauseMembership } from './PauseMembership';

/** What goes with a membership as it is. What was bought once has nothing to cancel or pause. */
export function actionsFor({ kind, status, reason, installments }: Membership) {
  // The account of a disconnected one is not ours to change any more.
  const lives = kind === 'subscription' && status !== 'ended' && reason !== 'disconnected';
  const paused = reason === 'collection_paused';
  const changeable = lives && installments === null;
  return {
    cancel: lives,
    resume: changeable && (status === 'canceling' || paused),
    pause: changeable && !paused && (status === 'active' || status === 'trialing'),
    changePrice: changeable && !paused && (status === 'active' || status === 'trialing'),
  };
}

export function MembershipActions({ membership }: { membership: Membership }) {
  const { resume: words } = useTexts().members;
  const notify = useNotify();
  const resume = useAction('post', '/v1/memberships/{id}/resume');
  const actions = actionsFor(membership);
  const goOn = () =>
    resume.mutate(
      { params: { path: { id: membership.id } }, body: {} },
      { onSuccess: () => notify({ text: words.done }) },
    );
  if (!Object.values(actions).includes(true)) return null;
  return (
    <>
      <Group gap="xs">
        {actions.resume && (
          <Button size="sm" onClick={goOn} loading={resume.isPending}>
            {words.button}
          </Button>
        )}
        {actions.changePrice && <ChangePrice membership={membership} />}
        {actions.pause && <PauseMembership membership={membership} onUndo={goOn} />}
        {actions.cancel && <CancelMembership membership={membership} onUndo={goOn} />}
      </Group>
      <ProblemAlert problem={resume.error} onRetry={goOn} />
    </>
  );
}
