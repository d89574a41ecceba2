import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { PromotionCode } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { COUPONS } from './texts';

export function ArchiveCode({ code }: { code: PromotionCode }) {
  const words = usePageTexts(COUPONS);
  const archive = useAction('post', '/v1/promotion-codes/{id}/archive');
  const { open, done, dialog } = useActionDialog(archive, words.archiving);
  const confirm = () =>
    archive.mutate(
      { params: { path: { id: code.id } }, body: {} },
      { onSuccess: () => done({ text: words.codeArchived }) },
    );
  if (!archive.isAllowed) return null;
  return (
    <>
      <Button variant="subtle" color="red" size="xs" onClick={open}>
        {words.archiveCode}
        <span className="sr-only"> {code.code}</span>
      </Button>
      <Dialog
        {...dialog}
        title={words.archiveCodeTitle(code.code)}
        confirm={words.archiveCode}
        onConfirm={confirm}
        danger
      >
        <p>{words.archiveCodeText}</p>
      </Dialog>
    </>
  );
}
