import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAction } from '../../api/resource';
import type { WholeMember } from '../../api/types';
import { usePaths } from '../../app/mode';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { MORE } from './more-texts';

/** Another e-mail address for a member. Whose it is already is one click away: the two may be one person. */
export function ChangeAddress({ member }: { member: Pick<WholeMember, 'id' | 'email'> }) {
  const { address: words } = usePageTexts(MORE);
  const paths = usePaths();
  const change = useAction('patch', '/v1/members/{id}');
  const { open, close, done, dialog } = useActionDialog(change, words.pending, ['email']);
  const [typed, setTyped] = useState('');
  const email = typed.trim();
  if (!change.isAllowed) return null;
  const begin = () => {
    setTyped(member.email ?? '');
    open();
  };
  const confirm = () =>
    change.mutate(
      { params: { path: { id: member.id } }, body: { email } },
      { onSuccess: () => done({ text: words.done }) },
    );
  const taken = change.error?.code === 'address_taken' ? change.error : null;
  return (
    <>
      <Button variant="default" onClick={begin}>
        {words.open}
      </Button>
      <Dialog
        {...dialog}
        problem={taken ?? dialog.problem}
        title={words.title}
        confirm={words.confirm}
        onConfirm={confirm}
        ready={email !== '' && email.toLowerCase() !== member.email}
      >
        <p className="soft">{words.lead}</p>
        <TextInput
          type="email"
          label={words.email}
          value={typed}
          error={taken !== null || (change.error?.field === 'email' && change.error.message)}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        {taken !== null && (
          <Link to={paths.member(String(taken.details['memberId']))} onClick={close}>
            {words.other}
          </Link>
        )}
      </Dialog>
    </>
  );
}
