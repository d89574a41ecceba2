import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Grant } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog } from '../../ui/Dialog';
import { useNotify } from '../../ui/notices';

/** Takes a gift back; Undo gives it again, with the end that it had, so this stays when the button is gone. */
export function RevokeGift({ grant }: { grant: Grant }) {
  const { gifts } = useTexts().members;
  const notify = useNotify();
  const revoke = useAction('post', '/v1/grants/{id}/revoke');
  const restore = useAction('post', '/v1/grants/{id}/extend');
  const [opened, setOpened] = useState(false);
  const params = { path: { id: grant.id } };
  const close = () => {
    setOpened(false);
    revoke.reset();
  };
  const undo = () =>
    restore.mutate(
      { params, body: { until: grant.until } },
      { onSuccess: () => notify({ text: gifts.restored }) },
    );
  const confirm = () =>
    revoke.mutate(
      { params, body: {} },
      {
        onSuccess: () => {
          close();
          notify({ text: gifts.revoked, undo });
        },
      },
    );
  return (
    <>
      {!grant.revoked && (
        <Button size="xs" variant="outline" color="red" onClick={() => setOpened(true)}>
          {gifts.revoke}
        </Button>
      )}
      <Dialog
        opened={opened}
        onClose={close}
        title={gifts.revokeTitle}
        confirm={gifts.revoke}
        onConfirm={confirm}
        pending={revoke.isPending ? gifts.revoking : null}
        problem={revoke.error}
        danger
      >
        <p>{gifts.revokeText}</p>
      </Dialog>
    </>
  );
}
