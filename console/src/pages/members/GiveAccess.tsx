import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useAction, useRead } from '../../api/resource';
import { endOfDay } from '../../format/dates';
import { useTexts } from '../../texts/texts';
import { DayField, Dialog, useActionDialog, useNotify } from '../../ui';

const EMPTY = { productId: '', day: '', note: '' };

/** Access as a gift, taken back by Undo. */
export function GiveAccess({ memberId }: { memberId: string }) {
  const { gifts, access } = useTexts().members;
  const notify = useNotify();
  const give = useAction('post', '/v1/grants');
  const { open, close, opened, dialog } = useActionDialog(give, gifts.pending, ['until', 'note']);
  const revoke = useAction('post', '/v1/grants/{id}/revoke');
  const [draft, setDraft] = useState(EMPTY);
  const { data } = useRead(
    '/v1/products',
    { params: { query: { status: 'active', limit: 100 } } },
    { enabled: opened },
  );
  const products = data?.data ?? [];
  const productId = draft.productId === '' ? (products[0]?.id ?? '') : draft.productId;
  const confirm = () =>
    give.mutate(
      {
        body: {
          member: { id: memberId },
          productId,
          until: draft.day === '' ? null : endOfDay(draft.day),
          note: draft.note.trim() === '' ? null : draft.note.trim(),
        },
      },
      {
        onSuccess: ({ id }) => {
          close();
          setDraft(EMPTY);
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
        ready={productId !== ''}
      >
        <p className="soft">
          {data !== undefined && products.length === 0 ? gifts.noProducts : gifts.giveLead}
        </p>
        <NativeSelect
          label={gifts.product}
          value={productId}
          onChange={(event) => setDraft({ ...draft, productId: event.currentTarget.value })}
          data={products.map(({ id, name }) => ({ value: id, label: name }))}
          data-autofocus
        />
        <DayField
          label={gifts.until}
          hint={access.noEndHint}
          value={draft.day}
          onChange={(day) => setDraft({ ...draft, day })}
          error={give.error?.field === 'until' ? gifts.past : undefined}
        />
        <Textarea
          label={gifts.note}
          description={gifts.noteHint}
          error={give.error?.field === 'note' ? give.error.message : undefined}
          autosize
          value={draft.note}
          onChange={(event) => setDraft({ ...draft, note: event.currentTarget.value })}
        />
      </Dialog>
    </>
  );
}
