import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Membership } from '../../api/types';
import { endOfDay } from '../../format/dates';
import { useTexts } from '../../texts/texts';
import { DayField } from '../../ui/DayField';
import { Dialog } from '../../ui/Dialog';
import { useNotify } from '../../ui/notices';

export function PauseMembership({ membership }: { membership: Membership }) {
  const { pause: words, resume: resumed } = useTexts().members;
  const notify = useNotify();
  const pause = useAction('post', '/v1/memberships/{id}/pause');
  const resume = useAction('post', '/v1/memberships/{id}/resume');
  const [opened, setOpened] = useState(false);
  const [day, setDay] = useState('');
  const params = { path: { id: membership.id } };
  const close = () => {
    setOpened(false);
    pause.reset();
  };
  const undo = () => resume.mutate({ params, body: {} }, { onSuccess: () => notify({ text: resumed.done }) });
  const confirm = () =>
    pause.mutate(
      { params, body: { until: day === '' ? null : endOfDay(day) } },
      {
        onSuccess: () => {
          close();
          notify({ text: words.done, undo });
        },
      },
    );
  return (
    <>
      <Button size="sm" variant="default" onClick={() => setOpened(true)}>
        {words.button}
      </Button>
      <Dialog
        opened={opened}
        onClose={close}
        title={words.title}
        confirm={words.confirm}
        onConfirm={confirm}
        pending={pause.isPending ? words.pending : null}
        problem={pause.error}
      >
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
