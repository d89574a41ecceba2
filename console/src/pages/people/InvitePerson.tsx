import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Mode } from '../../api/client';
import { useAction } from '../../api/resource';
import { useMode } from '../../app/mode';
import { useSignedIn } from '../../session/session';
import { useLanguage, usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog, useNotify } from '../../ui';
import { RoleField } from './RoleField';
import type { Role } from './roles';
import { PEOPLE } from './texts';

/** Somebody new, in this mode, and in the other one where whoever invites may do so there. */
export function InvitePerson() {
  const words = usePageTexts(PEOPLE);
  const { language } = useLanguage();
  const session = useSignedIn();
  const mode = useMode();
  const other: Mode = mode === 'test' ? 'live' : 'test';
  const notify = useNotify();
  const invite = useAction('post', '/v1/people');
  const inviteThere = useAction('post', '/v1/people', other);
  const { open, done, dialog } = useActionDialog(invite, words.inviting, ['email']);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('read_only');
  const [both, setBoth] = useState(false);
  const begin = () => {
    setEmail('');
    setRole('read_only');
    setBoth(false);
    open();
  };
  const confirm = () => {
    const body = { email: email.trim(), role, language };
    invite.mutate(
      { body },
      {
        onSuccess: () => {
          if (both) inviteThere.mutateAsync({ body }).catch(() => notify({ text: words.invitedHalf }));
          done({ text: words.invited(body.email) });
        },
      },
    );
  };
  if (!invite.isAllowed) return null;
  return (
    <>
      <Button onClick={begin}>{words.invite}</Button>
      <Dialog
        {...dialog}
        title={words.invite}
        confirm={words.invite}
        onConfirm={confirm}
        ready={email.trim() !== ''}
      >
        <p className="soft">{words.inviteLead}</p>
        <TextInput
          type="email"
          label={words.email}
          autoComplete="off"
          value={email}
          error={invite.error?.field === 'email' ? invite.error.message : undefined}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-autofocus
        />
        <RoleField value={role} onChange={setRole} />
        {session.roles[other] === 'owner' && (
          <Checkbox
            label={words.both[other]}
            checked={both}
            onChange={(event) => setBoth(event.currentTarget.checked)}
          />
        )}
      </Dialog>
    </>
  );
}
