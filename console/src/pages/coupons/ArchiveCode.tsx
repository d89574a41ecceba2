import { useAction } from '../../api/resource';
import type { PromotionCode } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { ConfirmButton } from '../../ui';
import { COUPONS } from './texts';

export function ArchiveCode({ code: { id, code } }: { code: PromotionCode }) {
  const words = usePageTexts(COUPONS);
  const archive = useAction('post', '/v1/promotion-codes/{id}/archive');
  return (
    <ConfirmButton
      variant="subtle"
      size="xs"
      action={archive}
      run={(then) => archive.mutate({ params: { path: { id } }, body: {} }, then)}
      words={{
        label: words.archiveCode,
        pending: words.archiving,
        title: words.archiveCodeTitle(code),
        text: words.archiveCodeText,
        done: words.codeArchived,
      }}
      about={code}
    />
  );
}
