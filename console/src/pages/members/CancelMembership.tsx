import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Membership } from '../../api/types';
import { useFormat } from '../../format/format';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';

interface CancelMembershipProps {
  membership: Membership;
  /** Takes a cancellation that is still ahead back. */
  onUndo: () => void;
}

export function CancelMembership({ membership, onUndo }: CancelMembershipProps) {
  const { cancel: words } = useTexts().members;
  const format = useFormat();
  const cancel = useAction('post', '/v1/memberships/{id}/cancel');
  const { open, done, dialog } = useActionDialog(cancel, words.pending);
  // Installments can only be cancelled at once.
  const installments = membership.installments !== null;
  const onlyNow = installments || membership.status === 'canceling';
  const [chosen, setChosen] = useState<'now' | 'period_end'>('period_end');
  const at = onlyNow ? 'now' : chosen;
  const confirm = () =>
    cancel.mutate(
      { params: { path: { id: membership.id } }, body: { at } },
      {
        onSuccess: () =>
          done(at === 'now' ? { text: words.doneNow } : { text: words.doneLater, undo: onUndo }),
      },
    );
  const { paidThrough } = membership;
  const end = paidThrough === null ? words.periodEndPlain : words.periodEnd(format.dateTime(paidThrough));
  if (!cancel.isAllowed) return null;
  return (
    <>
      <Button size="sm" variant="outline" color="red" onClick={open}>
        {words.button}
      </Button>
      <Dialog {...dialog} title={words.title} confirm={words.confirm} onConfirm={confirm} danger>
        {installments && <p className="soft">{words.installments}</p>}
        <Radio.Group
          label={words.when}
          value={at}
          onChange={(value) => setChosen(value === 'now' ? 'now' : 'period_end')}
        >
          <div className="tight">
            {!onlyNow && <Radio value="period_end" label={end} description={words.periodEndHint} />}
            <Radio value="now" label={words.now} description={words.nowHint} />
          </div>
        </Radio.Group>
      </Dialog>
    </>
  );
}
