import { Link } from 'react-router';
import { useTexts } from '../texts/texts';
import { Page } from '../ui/Page';
import { useSession } from '../session/session';
import { pathsOf } from './mode';

/** An address that is none. */
export function NotFound() {
  const { notFound } = useTexts().app;
  const { data: session } = useSession();
  return (
    <Page title={notFound.title} lead={notFound.text}>
      <Link to={pathsOf(session?.modes[0] ?? 'test').home}>{notFound.action}</Link>
    </Page>
  );
}

/** The same where there is no frame around it. */
export function NotFoundAlone() {
  return (
    <div className="frame-body">
      <main className="frame-main">
        <NotFound />
      </main>
    </div>
  );
}
