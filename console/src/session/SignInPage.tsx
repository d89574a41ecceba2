import { Button, Paper, PasswordInput, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Problem } from '../api/problem';
import { isMode, pathsOf } from '../app/mode';
import { LanguageChoice } from '../app/Shell';
import { Reconnecting } from '../app/Reconnecting';
import { useTexts } from '../texts/texts';
import { ProblemAlert } from '../ui/ProblemAlert';
import { useSession, useSignIn } from './session';

/** Only addresses of this console: nobody is led elsewhere by a link to the sign-in. */
const isOurs = (path: string | null): path is string => path !== null && /^\/(test|live)(\/|$)/.test(path);

/** Sign-in with an API key; with the other mode's key when one mode is open already. */
export function SignInPage() {
  const texts = useTexts();
  const { signIn, mode, app } = texts;
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const { data: session } = useSession();
  const submit = useSignIn();
  const [key, setKey] = useState('');
  const wanted = search.get('mode');
  const next = search.get('next');
  const open = session?.modes[0];
  const adds = isMode(wanted) && open !== undefined && open !== wanted;

  useEffect(() => {
    document.title = `${signIn.title} · ${app.name}`;
  }, [signIn, app]);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit.mutate(key.trim(), {
      onSuccess: ({ modes }) => {
        const target = isOurs(next) ? next : null;
        const targetMode = target?.split('/')[1];
        const usable = isMode(targetMode) && modes.includes(targetMode);
        void navigate(target !== null && usable ? target : pathsOf(modes[0] ?? 'test').home, {
          replace: true,
        });
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
    <main className="sign-in">
      <Reconnecting />
      <Paper withBorder p="xl" className="sign-in-card">
        <form onSubmit={onSubmit} className="stack">
          <Title order={1}>{signIn.title}</Title>
          <p className="soft">{adds ? signIn.otherMode(mode[wanted]) : signIn.lead}</p>
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
          />
          <ProblemAlert problem={problem} />
          <Button type="submit" loading={submit.isPending} disabled={key.trim() === ''}>
            {signIn.submit}
          </Button>
          <p className="soft small">{signIn.keySafe}</p>
          {adds && (
            <Link to={pathsOf(open).home}>{open === 'test' ? signIn.backToTest : signIn.backToLive}</Link>
          )}
        </form>
      </Paper>
      <LanguageChoice />
    </main>
  );
}
