import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Grant } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog, useNotify } from '../../ui';

/** Takes a gift back; Undo gives it again, with the end that it had, so this stays when the button is gone. */
export function RevokeGift({ grant }: { grant: Grant }) {
  const { gifts } = useTexts().members;
  const notify = useNotify();
  const revoke = useAction('post', '/v1/grants/{id}/revoke');
  const { open, done, dialog } = useActionDialog(revoke, gifts.revoking);
  const restore = useAction('post', '/v1/grants/{id}/extend');
  const params = { path: { id: grant.id } };
  const undo = () =>
    restore.mutate(
      { params, body: { until: grant.until } },
      { onSuccess: () => notify({ text: gifts.restored }) },
    );
  const confirm = () =>
    revoke.mutate(
      { params, body: {} },
      {
        onSuccess: () => done({ text: gifts.revoked, undo }),
      },
    );
  if (!revoke.isAllowed) return null;
  return (
    <>
      {!grant.revoked && (
        <Button size="xs" variant="outline" color="red" onClick={open}>
          {gifts.revoke}
        </Button>
      )}
      <Dialog {...dialog} title={gifts.revokeTitle} confirm={gifts.revoke} onConfirm={confirm} danger>
        <p>{gifts.revokeText}</p>
      </Dialog>
    </>
  );
}
