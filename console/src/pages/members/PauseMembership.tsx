import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Membership } from '../../api/types';
import { endOfDay } from '../../format/dates';
import { useTexts } from '../../texts/texts';
import { DayField, Dialog, useActionDialog } from '../../ui';

interface PauseMembershipProps {
  membership: Membership;
  /** Ends the pause again: this button is gone by then. */
  onUndo: () => void;
}

export function PauseMembership({ membership, onUndo }: PauseMembershipProps) {
  const { pause: words } = useTexts().members;
  const pause = useAction('post', '/v1/memberships/{id}/pause');
  const { open, done, dialog } = useActionDialog(pause, words.pending, ['until']);
  const [day, setDay] = useState('');
  const params = { path: { id: membership.id } };
  const confirm = () =>
    pause.mutate(
      { params, body: { until: day === '' ? null : endOfDay(day) } },
      {
        onSuccess: () => done({ text: words.done, undo: onUndo }),
      },
    );
  if (!pause.isAllowed) return null;
  return (
    <>
      <Button size="sm" variant="default" onClick={open}>
        {words.button}
      </Button>
      <Dialog {...dialog} title={words.title} confirm={words.confirm} onConfirm={confirm}>
        <p>{words.text}</p>
        <DayField
          label={words.until}
          hint={words.untilHint}
          value={day}
          onChange={setDay}
          error={pause.error?.field === 'until' ? pause.error.message : undefined}
        />
      </Dialog>
    </>
  );
}
