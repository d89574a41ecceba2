import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog, useNotify } from '../../ui';
import { GiftFields, useGift } from './GiftFields';

/** Access as a gift, taken back by Undo. */
export function GiveAccess({ memberId }: { memberId: string }) {
  const { gifts } = useTexts().members;
  const notify = useNotify();
  const give = useAction('post', '/v1/grants');
  const { open, close, opened, dialog } = useActionDialog(give, gifts.pending, ['until', 'note']);
  const revoke = useAction('post', '/v1/grants/{id}/revoke');
  const gift = useGift(opened);
  const confirm = () =>
    give.mutate(
      { body: { member: { id: memberId }, ...gift.body } },
      {
        onSuccess: ({ id }) => {
          close();
          gift.clear();
          const undo = () =>
            revoke.mutate(
              { params: { path: { id } }, body: {} },
              { onSuccess: () => notify({ text: gifts.revoked }) },
            );
          notify({ text: gifts.done, undo });
        },
      },
    );
  if (!give.isAllowed) return null;
  return (
    <>
      <Button onClick={open}>{gifts.give}</Button>
      <Dialog
        {...dialog}
        title={gifts.giveTitle}
        confirm={gifts.confirm}
        onConfirm={confirm}
        ready={gift.productId !== ''}
      >
        <GiftFields gift={gift} error={give.error} />
      </Dialog>
    </>
  );
}
