import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Coupon } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { COUPONS } from './texts';

export function ArchiveCoupon({ coupon }: { coupon: Coupon }) {
  const words = usePageTexts(COUPONS);
  const archive = useAction('post', '/v1/coupons/{id}/archive');
  const { open, done, dialog } = useActionDialog(archive, words.archiving);
  const confirm = () =>
    archive.mutate(
      { params: { path: { id: coupon.id } }, body: {} },
      { onSuccess: () => done({ text: words.archivedNow }) },
    );
  if (!archive.isAllowed) return null;
  return (
    <>
      <Button variant="outline" color="red" onClick={open}>
        {words.archive}
        <span className="sr-only"> {coupon.name}</span>
      </Button>
      <Dialog {...dialog} title={words.archiveTitle} confirm={words.archive} onConfirm={confirm} danger>
        <p>{words.archiveText}</p>
      </Dialog>
    </>
  );
}
