import { NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Problem } from '../../api/problem';
import { useRead } from '../../api/resource';
import { endOfDay } from '../../format/dates';
import { useTexts } from '../../texts/texts';
import { DayField } from '../../ui';

const EMPTY = { productId: '', day: '', note: '' };

/** What is typed of a gift; `body` is what the API is sent of it. @param opened nothing is read before */
export function useGift(opened: boolean) {
  const [draft, setDraft] = useState(EMPTY);
  const { data } = useRead(
    '/v1/products',
    { params: { query: { status: 'active', limit: 100 } } },
    { enabled: opened },
  );
  const products = data?.data ?? [];
  const productId = draft.productId === '' ? (products[0]?.id ?? '') : draft.productId;
  return {
    ...{ draft, setDraft, products, productId },
    hasNone: data !== undefined && products.length === 0,
    clear: () => setDraft(EMPTY),
    body: {
      productId,
      until: draft.day === '' ? null : endOfDay(draft.day),
      note: draft.note.trim() === '' ? null : draft.note.trim(),
    },
  };
}

/** The fields of a gift: the product, until when, and words for the coach. */
export function GiftFields({ gift, error }: { gift: ReturnType<typeof useGift>; error: Problem | null }) {
  const { gifts, access } = useTexts().members;
  const { draft, setDraft, products, productId } = gift;
  return (
    <>
      <p className="soft">{gift.hasNone ? gifts.noProducts : gifts.giveLead}</p>
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
        error={error?.field === 'until' ? gifts.past : undefined}
      />
      <Textarea
        label={gifts.note}
        description={gifts.noteHint}
        error={error?.field === 'note' ? error.message : undefined}
        autosize
        value={draft.note}
        onChange={(event) => setDraft({ ...draft, note: event.currentTarget.value })}
      />
    </>
  );
}
