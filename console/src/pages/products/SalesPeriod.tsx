import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Price } from '../../api/types';
import { beginningOfDay, dayOf, endOfDay } from '../../format/dates';
import { usePageTexts, useTexts } from '../../texts/texts';
import { DayField, Dialog, useActionDialog } from '../../ui';
import { PRICE_FORM } from './price-form-texts';

const dayOrNone = (time: string | null) => (time === null ? '' : dayOf(time));

/** From when and until when a price is sold. */
export function SalesPeriod({ price }: { price: Price }) {
  const { common } = useTexts();
  const { sales: words } = usePageTexts(PRICE_FORM);
  const change = useAction('patch', '/v1/prices/{id}');
  const { open, done, dialog } = useActionDialog(change, common.saving, ['salesStartAt', 'salesEndAt']);
  const [days, setDays] = useState({ from: '', to: '' });
  const begin = () => {
    setDays({ from: dayOrNone(price.salesStartAt), to: dayOrNone(price.salesEndAt) });
    open();
  };
  const save = () =>
    change.mutate(
      {
        params: { path: { id: price.id } },
        body: {
          salesStartAt: days.from === '' ? null : beginningOfDay(days.from),
          salesEndAt: days.to === '' ? null : endOfDay(days.to),
        },
      },
      { onSuccess: () => done({ text: words.saved }) },
    );
  if (!change.isAllowed) return null;
  const isOrderWrong = change.error?.field === 'salesEndAt';
  return (
    <>
      <Button variant="default" onClick={begin}>
        {words.change}
      </Button>
      <Dialog {...dialog} title={words.title} confirm={common.save} onConfirm={save}>
        <p className="soft">{words.lead}</p>
        <DayField
          label={words.from}
          fromBeginning
          value={days.from}
          onChange={(from) => setDays({ ...days, from })}
        />
        <DayField
          label={words.to}
          value={days.to}
          error={isOrderWrong ? words.wrongOrder : undefined}
          onChange={(to) => setDays({ ...days, to })}
        />
      </Dialog>
    </>
  );
}
