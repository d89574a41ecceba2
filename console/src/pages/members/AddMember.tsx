import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAction } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';

const EMPTY = { email: '', externalId: '' };

/** Somebody who is to get something without having bought before. */
export function AddMember() {
  const { members } = useTexts();
  const paths = usePaths();
  const navigate = useNavigate();
  const add = useAction('post', '/v1/members');
  const { open, close, dialog } = useActionDialog(add, members.adding, ['email', 'externalId']);
  const [draft, setDraft] = useState(EMPTY);
  const begin = () => {
    setDraft(EMPTY);
    open();
  };
  const email = draft.email.trim();
  const externalId = draft.externalId.trim();
  const confirm = () =>
    add.mutate(
      {
        body: {
          ...(email === '' ? {} : { email }),
          ...(externalId === '' ? {} : { externalId }),
        },
      },
      {
        onSuccess: ({ id }) => {
          close();
          void navigate(paths.member(id));
        },
      },
    );
  const wrong = (field: string) => (add.error?.field === field ? add.error.message : undefined);
  if (!add.isAllowed) return null;
  return (
    <>
      <Button variant="default" onClick={begin}>
        {members.add}
      </Button>
      <Dialog
        {...dialog}
        title={members.addTitle}
        confirm={members.add}
        onConfirm={confirm}
        ready={email !== '' || externalId !== ''}
      >
        <p className="soft">{members.addLead}</p>
        <TextInput
          type="email"
          label={members.email}
          value={draft.email}
          error={wrong('email')}
          onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })}
          data-autofocus
        />
        <TextInput
          label={members.externalId}
          description={members.externalIdHint}
          value={draft.externalId}
          error={wrong('externalId')}
          onChange={(event) => setDraft({ ...draft, externalId: event.currentTarget.value })}
        />
      </Dialog>
    </>
  );
}
