import { Button, NativeSelect } from '@mantine/core';
import { Suspense } from 'react';
import { Link, Navigate, Outlet, useLocation, useParams } from 'react-router';
import { Loading } from '../ui/Loaded';
import { NoticesProvider } from '../ui/notices';
import { changeCoach, type Session, useSession, useSignOut } from '../session/session';
import { SignInAgain } from '../session/SignInAgain';
import { type Language, LANGUAGE_NAMES, LANGUAGES, useLanguage, useTexts } from '../texts/texts';
import { useKeptFocus } from './focus';
import { useLiveFacts } from './live';
import { isMode, usePaths } from './mode';
import { ModeSwitch } from './ModeSwitch';
import { Navigation } from './Navigation';
import { NotFoundAlone } from './NotFound';
import { Reconnecting } from './Reconnecting';
import { SchemeChoice } from './SchemeChoice';
import { Search } from './Search';

/** The frame of every page behind the sign-in: who, which mode, where to. */
export function Shell() {
  const { mode } = useParams();
  const { pathname, search } = useLocation();
  const { data: session } = useSession();
  useKeptFocus();
  useLiveFacts(isMode(mode) && session?.modes.includes(mode) === true ? mode : null);
  if (!isMode(mode)) return <NotFoundAlone />;
  if (session === undefined) return <Starting />;
  // One that is lost meanwhile is asked for over the page, which stays.
  if (session === null || ![...session.modes, ...session.lost].includes(mode)) {
    const next = new URLSearchParams({ next: pathname + search, mode });
    return <Navigate to={`/sign-in?${next}`} replace />;
  }
  return (
    <NoticesProvider>
      <SkipLink />
      <Reconnecting />
      <header>
        <TopBar session={session} />
        {mode === 'test' && <TestBand />}
      </header>
      <div className="frame-body">
        <Navigation />
        <main id="main" tabIndex={-1} className="frame-main">
          <Suspense fallback={<Loading />}>
            <Outlet key={`${session.coach.id} ${mode}`} />
          </Suspense>
        </main>
      </div>
      <footer className="frame-footer">
        <LanguageChoice />
        <SchemeChoice />
      </footer>
      <SignInAgain />
    </NoticesProvider>
  );
}

/** Before it is known who is signed in. */
export function Starting() {
  return (
    <main className="frame-main">
      <Reconnecting />
      <Loading />
    </main>
  );
}

function SkipLink() {
  const { app } = useTexts();
  return (
    <a
      className="skip"
      href="#main"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById('main')?.focus();
      }}
    >
      {app.skip}
    </a>
  );
}

function TopBar({ session: { coach, coaches, user } }: { session: Session }) {
  const { app } = useTexts();
  const paths = usePaths();
  const signOut = useSignOut();
  return (
    <div className="frame-header">
      <Link className="brand" to={paths.home}>
        <span className="brand-mark" aria-hidden>
          S
        </span>
        {app.name}
      </Link>
      <div className="frame-tools">
        <Search />
        <ModeSwitch />
        {coaches.length > 1 ? (
          <NativeSelect
            aria-label={app.coach}
            size="xs"
            value={coach.id}
            onChange={(event) => changeCoach(event.currentTarget.value)}
            data={coaches.map(({ id, name }) => ({ value: id, label: name }))}
          />
        ) : (
          <span className="soft small coach">{coach.name}</span>
        )}
        <Button
          variant="subtle"
          size="compact-sm"
          title={app.signedInAs(user?.email ?? coach.name)}
          loading={signOut.isPending}
          onClick={() => signOut.mutate(undefined)}
        >
          {app.signOut}
        </Button>
      </div>
    </div>
  );
}

function TestBand() {
  const { mode } = useTexts();
  return (
    <p className="test-band">
      <strong>{mode.test}</strong> · {mode.testNote}
    </p>
  );
}

export function LanguageChoice() {
  const { texts, language, choose } = useLanguage();
  return (
    <NativeSelect
      aria-label={texts.language.label}
      value={language}
      onChange={(event) => choose(event.currentTarget.value as Language)}
      data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
    />
  );
}
