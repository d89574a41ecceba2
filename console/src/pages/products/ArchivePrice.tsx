import { useAction } from '../../api/resource';
import type { Price } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { ConfirmButton } from '../../ui';

export function ArchivePrice({ price: { id } }: { price: Price }) {
  const { price: words, products } = useTexts();
  const archive = useAction('post', '/v1/prices/{id}/archive');
  return (
    <ConfirmButton
      action={archive}
      run={(then) => archive.mutate({ params: { path: { id } }, body: {} }, then)}
      words={{
        label: words.archive,
        pending: products.archiving,
        title: words.archiveTitle,
        text: words.archiveText,
        done: words.archived,
      }}
    />
  );
}
