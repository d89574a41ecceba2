import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Grant } from '../../api/types';
import { dayOf, endOfDay } from '../../format/dates';
import { useTexts } from '../../texts/texts';
import { DayField, Dialog, useActionDialog } from '../../ui';

/** Another end for a gift; a gift that was taken back is given again by it. */
export function ExtendGift({ grant }: { grant: Grant }) {
  const { gifts, access } = useTexts().members;
  const extend = useAction('post', '/v1/grants/{id}/extend');
  const { open, done, dialog } = useActionDialog(extend, gifts.pending, ['until']);
  const [day, setDay] = useState('');
  const begin = () => {
    setDay(grant.until === null ? '' : dayOf(grant.until));
    open();
  };
  const confirm = () =>
    extend.mutate(
      {
        params: { path: { id: grant.id } },
        body: { until: day === '' ? null : endOfDay(day) },
      },
      {
        onSuccess: () => done({ text: grant.revoked ? gifts.restored : gifts.extended }),
      },
    );
  if (!extend.isAllowed) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={begin}>
        {grant.revoked ? gifts.restore : gifts.extend}
      </Button>
      <Dialog {...dialog} title={gifts.extendTitle} confirm={gifts.extendConfirm} onConfirm={confirm}>
        <DayField
          label={gifts.until}
          hint={access.noEndHint}
          value={day}
          onChange={setDay}
          error={extend.error?.field === 'until' ? gifts.past : undefined}
        />
      </Dialog>
    </>
  );
}
