import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Withdrawal } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { WITHDRAWALS } from './texts';

const REFUNDS = ['full', 'proportional', 'none'] as const;

/** It counts: the purchase ends, and what the coach says goes back. */
export function AcceptWithdrawal({ withdrawal: { id, membershipId } }: { withdrawal: Withdrawal }) {
  const { accept: words } = usePageTexts(WITHDRAWALS);
  const accept = useAction('post', '/v1/withdrawals/{id}/accept');
  const { open, done, dialog } = useActionDialog(accept, words.pending);
  const [refund, setRefund] = useState<(typeof REFUNDS)[number]>('full');
  const [meant, setMeant] = useState('');
  const asks = membershipId === null;
  const confirm = () =>
    accept.mutate(
      { params: { path: { id } }, body: { refund, ...(asks ? { membershipId: meant.trim() } : {}) } },
      { onSuccess: () => done({ text: words.done }) },
    );
  if (!accept.isAllowed) return null;
  return (
    <>
      <Button size="xs" onClick={open}>
        {words.button}
      </Button>
      <Dialog
        {...dialog}
        title={words.title}
        confirm={words.button}
        onConfirm={confirm}
        ready={!asks || meant.trim() !== ''}
        danger
      >
        <p>{words.text}</p>
        {asks && (
          <TextInput
            label={words.membership}
            description={words.membershipHint}
            value={meant}
            onChange={(event) => setMeant(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          label={words.refund}
          value={refund}
          onChange={(event) => setRefund(REFUNDS.find((one) => one === event.currentTarget.value) ?? 'full')}
          data={REFUNDS.map((value) => ({ value, label: words.refunds[value] }))}
        />
      </Dialog>
    </>
  );
}
