import { Paper, Title } from '@mantine/core';
import { useEffect } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { isMode, pathsOf } from '../app/mode';
import { LanguageChoice } from '../app/Shell';
import { Reconnecting } from '../app/Reconnecting';
import { SchemeChoice } from '../app/SchemeChoice';
import { useTexts } from '../texts/texts';
import { useSession, type Session } from './session';
import { EmailSignIn } from './EmailSignIn';
import { SignInForm } from './SignInForm';

/** Only addresses of this console: nobody is led elsewhere by a link to the sign-in. */
const isOurs = (path: string | null): path is string => path !== null && /^\/(test|live)(\/|$)/.test(path);

/** Sign-in with an API key; with the other mode's key when one mode is open already. */
export function SignInPage() {
  const { signIn, mode, app } = useTexts();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const { data: session } = useSession();
  const wanted = search.get('mode');
  const next = search.get('next');
  const open = session?.modes[0];
  const adds = isMode(wanted) && open !== undefined && open !== wanted;

  useEffect(() => {
    document.title = `${signIn.title} · ${app.name}`;
  }, [signIn, app]);

  const goOn = ({ modes }: Session) => {
    const target = isOurs(next) ? next : null;
    const targetMode = target?.split('/')[1];
    const usable = isMode(targetMode) && modes.includes(targetMode);
    void navigate(target !== null && usable ? target : pathsOf(modes[0] ?? 'test').home, { replace: true });
  };

  return (
    <main className="sign-in">
      <Reconnecting />
      <Paper withBorder p="xl" className="sign-in-card stack">
        <Title order={1}>{signIn.title}</Title>
        <SignInForm lead={adds ? signIn.otherMode(mode[wanted]) : signIn.lead} onSignedIn={goOn}>
          {adds && (
            <Link to={pathsOf(open).home}>{open === 'test' ? signIn.backToTest : signIn.backToLive}</Link>
          )}
        </SignInForm>
        <EmailSignIn />
      </Paper>
      <div className="choices">
        <LanguageChoice />
        <SchemeChoice />
      </div>
    </main>
  );
}
