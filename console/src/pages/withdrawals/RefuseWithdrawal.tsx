import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { WITHDRAWALS } from './texts';

/** It does not count, for a reason that the member reads. */
export function RefuseWithdrawal({ id }: { id: string }) {
  const { refuse: words } = usePageTexts(WITHDRAWALS);
  const refuse = useAction('post', '/v1/withdrawals/{id}/refuse');
  const { open, done, dialog } = useActionDialog(refuse, words.pending);
  const [because, setBecause] = useState('');
  const confirm = () =>
    refuse.mutate(
      { params: { path: { id } }, body: { because: because.trim() } },
      { onSuccess: () => done({ text: words.done }) },
    );
  if (!refuse.isAllowed) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {words.button}
      </Button>
      <Dialog
        {...dialog}
        title={words.title}
        confirm={words.button}
        onConfirm={confirm}
        ready={because.trim() !== ''}
      >
        <p>{words.text}</p>
        <Textarea
          label={words.because}
          description={words.becauseHint}
          maxLength={500}
          value={because}
          onChange={(event) => setBecause(event.currentTarget.value)}
        />
      </Dialog>
    </>
  );
}
