import { Button, Group } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Membership } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { ProblemAlert, useNotify } from '../../ui';
import { CancelMembership } from './CancelMembership';
import { ChangePrice } from './ChangePrice';
import { actionsFor } from './actions';
import { PauseMembership } from './PauseMembership';

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
  if (!resume.isAllowed || !Object.values(actions).includes(true)) return null;
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
