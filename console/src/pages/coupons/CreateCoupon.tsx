import { Button, Checkbox, NativeSelect, Radio, TextInput } from '@mantine/core';
import { LONGEST_NAME, MOST_MONTHS } from '@domain/coupons';
import { useState } from 'react';
import { useAction, useList, useRead } from '../../api/resource';
import { endOfDay } from '../../format/dates';
import { useFormat } from '../../format/format';
import { parseMoney } from '../../format/money';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { CURRENCIES } from '../products/currencies';
import { LimitFields } from './LimitFields';
import { COUPONS } from './texts';
import { wholeNumber } from './whole-number';

const EMPTY = {
  ...{ name: '', kind: 'percent' as 'percent' | 'amount', percent: '', amount: '', currency: '' },
  ...{ duration: 'once' as 'once' | 'repeating' | 'forever', months: '3', most: '', day: '' },
  productIds: [] as string[],
};
const DURATIONS = ['once', 'repeating', 'forever'] as const;

/** `12,5` as 12.5; null: no percentage. */
function percentage(typed: string): number | null {
  const text = typed.trim().replace('%', '').trim();
  if (!/^\d{1,3}([.,]\d{1,2})?$/.test(text)) return null;
  const value = Number(text.replace(',', '.'));
  return value > 0 && value <= 100 ? value : null;
}

export function CreateCoupon() {
  const words = usePageTexts(COUPONS);
  const { fields } = words;
  const format = useFormat();
  const create = useAction('post', '/v1/coupons');
  const { open, done, dialog } = useActionDialog(create, words.creating);
  const { data: connection } = useRead('/v1/connection', {}, { enabled: dialog.opened });
  const products = useList(
    '/v1/products',
    { params: { query: { status: 'active' } } },
    { enabled: dialog.opened },
  );
  const [draft, setDraft] = useState(EMPTY);
  const set = (change: Partial<typeof EMPTY>) => setDraft({ ...draft, ...change });
  const currency = draft.currency === '' ? (connection?.defaultCurrency ?? 'eur') : draft.currency;
  const isPercent = draft.kind === 'percent';
  const percentOff = percentage(draft.percent);
  const amountOff = parseMoney(draft.amount, currency);
  const months = wholeNumber(draft.months);
  const most = draft.most.trim() === '' ? null : wholeNumber(draft.most);
  const isRepeating = draft.duration === 'repeating';
  const monthsFit = !isRepeating || (months !== null && months <= MOST_MONTHS);
  const offFits = isPercent ? percentOff !== null : amountOff !== null && amountOff > 0;
  const mostFits = draft.most.trim() === '' || most !== null;
  const confirm = () =>
    create.mutate(
      {
        body: {
          name: draft.name.trim(),
          ...(isPercent ? { percentOff } : { amountOff, currency }),
          duration: draft.duration,
          months: isRepeating ? months : null,
          productIds: draft.productIds,
          maxRedemptions: most,
          expiresAt: draft.day === '' ? null : endOfDay(draft.day),
        },
      },
      { onSuccess: () => done({ text: words.created }) },
    );
  const choose = (id: string, isChosen: boolean) =>
    set({ productIds: isChosen ? [...draft.productIds, id] : draft.productIds.filter((one) => one !== id) });
  if (!create.isAllowed) return null;
  return (
    <>
      <Button
        onClick={() => {
          setDraft(EMPTY);
          open();
        }}
      >
        {words.create}
      </Button>
      <Dialog
        {...dialog}
        title={words.create}
        confirm={words.create}
        onConfirm={confirm}
        ready={draft.name.trim() !== '' && offFits && monthsFit && mostFits}
      >
        <TextInput
          label={fields.name}
          description={fields.nameHint}
          value={draft.name}
          maxLength={LONGEST_NAME}
          onChange={(event) => set({ name: event.currentTarget.value })}
          data-autofocus
        />
        <Radio.Group
          label={fields.kind}
          value={draft.kind}
          onChange={(kind) => set({ kind: kind === 'amount' ? 'amount' : 'percent' })}
        >
          <div className="tight">
            <Radio value="percent" label={fields.percent} />
            <Radio value="amount" label={fields.amount} />
          </div>
        </Radio.Group>
        {isPercent ? (
          <TextInput
            label={fields.percentOff}
            inputMode="decimal"
            value={draft.percent}
            error={draft.percent !== '' && percentOff === null ? words.wrongPercent : null}
            onChange={(event) => set({ percent: event.currentTarget.value })}
          />
        ) : (
          <>
            <TextInput
              label={fields.amountOff}
              inputMode="decimal"
              value={draft.amount}
              error={draft.amount !== '' && !offFits ? words.wrongAmount : null}
              onChange={(event) => set({ amount: event.currentTarget.value })}
            />
            <NativeSelect
              label={fields.currency}
              description={fields.currencyHint}
              value={currency}
              onChange={(event) => set({ currency: event.currentTarget.value })}
              data={CURRENCIES.map((value) => ({ value, label: format.currency(value) }))}
            />
          </>
        )}
        <NativeSelect
          label={fields.duration}
          value={draft.duration}
          onChange={({ currentTarget }) =>
            set({ duration: DURATIONS.find((one) => one === currentTarget.value) ?? 'once' })
          }
          data={DURATIONS.map((value) => ({ value, label: fields[value] }))}
        />
        {isRepeating && (
          <TextInput
            label={fields.months}
            inputMode="numeric"
            value={draft.months}
            error={monthsFit ? null : words.wrongNumber}
            onChange={(event) => set({ months: event.currentTarget.value })}
          />
        )}
        <Checkbox.Group label={fields.products} description={fields.productsHint} value={draft.productIds}>
          <div className="tight">
            {(products.items ?? []).map(({ id, name }) => (
              <Checkbox
                key={id}
                value={id}
                label={name}
                onChange={(event) => choose(id, event.currentTarget.checked)}
              />
            ))}
          </div>
        </Checkbox.Group>
        <LimitFields most={draft.most} mostFits={mostFits} day={draft.day} onChange={set} />
      </Dialog>
    </>
  );
}
