import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import { useTexts } from '../../texts/texts';
import { ProblemAlert, useNotify } from '../../ui';

/** Takes an erasure back that has not begun. */
export function CancelErasure({ memberId }: { memberId: string }) {
  const { data: words } = useTexts().members;
  const notify = useNotify();
  const cancel = useAction('post', '/v1/members/{id}/erase/cancel');
  const take = () =>
    cancel.mutate(
      { params: { path: { id: memberId } }, body: {} },
      { onSuccess: () => notify({ text: words.cancelled }) },
    );
  if (!cancel.isAllowed) return null;
  return (
    <>
      <Button variant="default" onClick={take} loading={cancel.isPending}>
        {words.cancel}
      </Button>
      <ProblemAlert problem={cancel.error} />
    </>
  );
}
