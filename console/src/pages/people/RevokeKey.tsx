import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { PEOPLE } from './texts';

/** Ends a key, at once and for good. */
export function RevokeKey({ id, name }: { id: string; name: string }) {
  const words = usePageTexts(PEOPLE);
  const revoke = useAction('post', '/v1/keys/{id}/revoke');
  const { open, done, dialog } = useActionDialog(revoke, words.revoking);
  const confirm = () =>
    revoke.mutate(
      { params: { path: { id } }, body: {} },
      { onSuccess: () => done({ text: words.isRevoked }) },
    );
  if (!revoke.isAllowed) return null;
  return (
    <>
      <Button size="xs" variant="outline" color="red" onClick={open}>
        {words.revoke}
        <span className="sr-only"> : {name}</span>
      </Button>
      <Dialog {...dialog} title={words.revokeTitle} confirm={words.revoke} onConfirm={confirm} danger>
        <p>{words.revokeText}</p>
      </Dialog>
    </>
  );
}
