import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { LINKS } from './texts';

/** Ends a secret that became known: links that it signed are not taken any more. */
export function EndSigningSecret({ id, isInUse }: { id: string; isInUse: boolean }) {
  const links = usePageTexts(LINKS);
  const end = useAction('post', '/v1/signing-secrets/{id}/expire');
  const { open, done, dialog } = useActionDialog(end, links.ending);
  const confirm = () =>
    end.mutate(
      { params: { path: { id } }, body: {} },
      {
        onSuccess: () => done({ text: links.ended }),
      },
    );
  if (!end.isAllowed) return null;
  return (
    <>
      <Button size="xs" variant="outline" color="red" onClick={open}>
        {links.end}
      </Button>
      <Dialog {...dialog} title={links.endTitle} confirm={links.end} onConfirm={confirm} danger>
        <p>{isInUse ? links.endInUseText : links.endText}</p>
      </Dialog>
    </>
  );
}
