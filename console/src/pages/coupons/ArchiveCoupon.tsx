import { useAction } from '../../api/resource';
import type { Coupon } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { ConfirmButton } from '../../ui';
import { COUPONS } from './texts';

export function ArchiveCoupon({ coupon: { id, name } }: { coupon: Coupon }) {
  const { archive: label, archiving: pending, archiveTitle: title, ...words } = usePageTexts(COUPONS);
  const archive = useAction('post', '/v1/coupons/{id}/archive');
  return (
    <ConfirmButton
      action={archive}
      run={(then) => archive.mutate({ params: { path: { id } }, body: {} }, then)}
      words={{ label, pending, title, text: words.archiveText, done: words.archivedNow }}
      about={name}
    />
  );
}
