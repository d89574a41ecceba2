import { Button, Checkbox, TextInput } from '@mantine/core';
import { CODE, LONGEST_CODE } from '@domain/coupons';
import { useState } from 'react';
import { useAction, useRead } from '../../api/resource';
import type { Coupon } from '../../api/types';
import { endOfDay } from '../../format/dates';
import { parseMoney } from '../../format/money';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { LimitFields } from './LimitFields';
import { COUPONS } from './texts';
import { wholeNumber } from './whole-number';

const EMPTY = { code: '', first: false, member: false, most: '', day: '', minimum: '' };

/** A word for a coupon, and what is asked of who uses it. */
export function AddCode({ coupon }: { coupon: Coupon }) {
  const words = usePageTexts(COUPONS);
  const add = useAction('post', '/v1/coupons/{id}/promotion-codes');
  const { open, done, dialog } = useActionDialog(add, words.adding, ['code']);
  const { data: connection } = useRead('/v1/connection', {}, { enabled: dialog.opened });
  const [draft, setDraft] = useState(EMPTY);
  const set = (change: Partial<typeof EMPTY>) => setDraft({ ...draft, ...change });
  const currency = coupon.currency ?? connection?.defaultCurrency ?? 'eur';
  const code = draft.code.trim();
  const codeFits = CODE.test(code);
  const most = draft.most.trim() === '' ? null : wholeNumber(draft.most);
  const mostFits = draft.most.trim() === '' || most !== null;
  const minimum = draft.minimum.trim() === '' ? null : parseMoney(draft.minimum, currency);
  const minimumFits = draft.minimum.trim() === '' || (minimum !== null && minimum > 0);
  const confirm = () =>
    add.mutate(
      {
        params: { path: { id: coupon.id } },
        body: {
          code,
          firstPurchaseOnly: draft.first,
          onePerMember: draft.member,
          maxRedemptions: most,
          expiresAt: draft.day === '' ? null : endOfDay(draft.day),
          minimumAmount: minimum,
          minimumCurrency: minimum === null ? null : currency,
        },
      },
      { onSuccess: () => done({ text: words.added }) },
    );
  const refused = add.error?.field === 'code' ? add.error.message : null;
  if (!add.isAllowed) return null;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={() => {
          setDraft(EMPTY);
          open();
        }}
      >
        {words.addCode}
        <span className="sr-only"> {coupon.name}</span>
      </Button>
      <Dialog
        {...dialog}
        title={words.addCode}
        confirm={words.addCode}
        onConfirm={confirm}
        ready={codeFits && mostFits && minimumFits}
      >
        <TextInput
          label={words.code}
          description={words.codeHint}
          value={draft.code}
          maxLength={LONGEST_CODE}
          autoComplete="off"
          error={code !== '' && !codeFits ? words.wrongCode : refused}
          onChange={(event) => set({ code: event.currentTarget.value.toUpperCase() })}
          data-autofocus
        />
        <Checkbox
          label={words.firstPurchaseOnly}
          description={words.firstPurchaseHint}
          checked={draft.first}
          onChange={(event) => set({ first: event.currentTarget.checked })}
        />
        <Checkbox
          label={words.onePerMember}
          description={words.onePerMemberHint}
          checked={draft.member}
          onChange={(event) => set({ member: event.currentTarget.checked })}
        />
        <TextInput
          label={`${words.minimum} (${currency.toUpperCase()}, ${words.optional})`}
          inputMode="decimal"
          value={draft.minimum}
          error={minimumFits ? null : words.wrongAmount}
          onChange={(event) => set({ minimum: event.currentTarget.value })}
        />
        <LimitFields most={draft.most} mostFits={mostFits} day={draft.day} onChange={set} />
      </Dialog>
    </>
  );
}
