import { Navigate } from 'react-router';
import { useRead } from '../../api/resource';
import type { LiveCopy } from '../../api/types';
import { pathsOf, useMode } from '../../app/mode';
import { useSession } from '../../session/session';
import { usePageTexts } from '../../texts/texts';
import { Loaded, Page, Section } from '../../ui';
import { CopyProgress } from './CopyProgress';
import { isRunning } from './running';
import { Preview } from './Preview';
import { GO_LIVE } from './texts';

/** Milliseconds between two looks at a copying. */
const AGAIN = 1000;

/** Settings > Go live: what is in test mode is copied to live mode. It is of live mode, which it writes in. */
export function GoLivePage() {
  const words = usePageTexts(GO_LIVE);
  const mode = useMode();
  const { data: session } = useSession();
  const isLive = mode === 'live';
  const copies = useRead(
    '/v1/live-copies',
    { params: { query: { limit: 1 } } },
    { enabled: isLive, pollWhile: ({ data }) => (data.some(isRunning) ? AGAIN : false) },
  );
  if (!isLive) {
    const next = pathsOf('live').goLive;
    const isOpen = session?.modes.includes('live') ?? false;
    const asked = new URLSearchParams({ next, mode: 'live', from: mode }).toString();
    return <Navigate to={isOpen ? next : `/sign-in?${asked}`} replace />;
  }
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={copies}>{({ data: [last] }) => <Copying last={last ?? null} />}</Loaded>
    </Page>
  );
}

function Copying({ last }: { last: LiveCopy | null }) {
  const words = usePageTexts(GO_LIVE);
  const isUnderWay = last !== null && isRunning(last);
  return (
    <>
      {last !== null && (last.total > 0 || isUnderWay) && (
        <Section title={isUnderWay ? words.running : words.last}>
          <CopyProgress copy={last} />
        </Section>
      )}
      {!isUnderWay && <Preview />}
    </>
  );
}
