import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Problem } from '../api/problem';
import { useTexts } from '../texts/texts';
import { ProblemAlert } from '../ui/ProblemAlert';
import { type Session, useSignIn } from './session';

interface SignInFormProps {
  lead: string;
  onSignedIn?: (session: Session) => void;
  children?: ReactNode;
}

/** An API key for a session. The key goes to the server once. */
export function SignInForm({ lead, onSignedIn, children }: SignInFormProps) {
  const { signIn } = useTexts();
  const submit = useSignIn();
  const [key, setKey] = useState('');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit.mutate(key.trim(), {
      onSuccess: (session) => {
        setKey('');
        onSignedIn?.(session);
      },
    });
  };
  const { error } = submit;
  const problem =
    error?.code === 'sign_in_failed'
      ? new Problem({
          code: error.code,
          status: error.status,
          detail: signIn.refused,
          todo: signIn.refusedTodo,
        })
      : error;
  return (
    <form onSubmit={onSubmit} className="stack">
      <p className="soft">{lead}</p>
      <PasswordInput
        label={signIn.key}
        description={signIn.keyHint}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
        autoFocus
        data-autofocus
      />
      <ProblemAlert problem={problem} />
      <Button type="submit" loading={submit.isPending} disabled={key.trim() === ''}>
        {signIn.submit}
      </Button>
      <p className="soft small">{signIn.keySafe}</p>
      {children}
    </form>
  );
}
