import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';

interface EraseMemberProps {
  memberId: string;
  /** Something of theirs is live: it has to be said that it ends. */
  hasMemberships: boolean;
}

/** Erases a member; for a quarter of an hour it can be taken back on the same page. */
export function EraseMember({ memberId, hasMemberships }: EraseMemberProps) {
  const { data: words } = useTexts().members;
  const erase = useAction('post', '/v1/members/{id}/erase');
  const { open, done, dialog } = useActionDialog(erase, words.erasing);
  const [endMemberships, setEndMemberships] = useState(false);
  const [deleteStripeCustomer, setDeleteStripeCustomer] = useState(false);
  const confirm = () =>
    erase.mutate(
      { params: { path: { id: memberId } }, body: { endMemberships, deleteStripeCustomer } },
      {
        onSuccess: () => done({ text: words.asked }),
      },
    );
  if (!erase.isAllowed) return null;
  return (
    <>
      <Button variant="outline" color="red" onClick={open}>
        {words.erase}
      </Button>
      <Dialog
        {...dialog}
        title={words.eraseTitle}
        confirm={words.erase}
        onConfirm={confirm}
        ready={!hasMemberships || endMemberships}
        danger
      >
        <p>{words.eraseText}</p>
        {hasMemberships && (
          <Checkbox
            label={words.endMemberships}
            description={words.endMembershipsHint}
            checked={endMemberships}
            onChange={({ currentTarget }) => setEndMemberships(currentTarget.checked)}
          />
        )}
        <Checkbox
          label={words.deleteCustomer}
          description={words.deleteCustomerHint}
          checked={deleteStripeCustomer}
          onChange={({ currentTarget }) => setDeleteStripeCustomer(currentTarget.checked)}
        />
      </Dialog>
    </>
  );
}
