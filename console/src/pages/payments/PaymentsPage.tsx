import { lazy, Suspense } from 'react';
import { useRead } from '../../api/resource';
import type { Connection } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { Loaded, Loading, Page, Section } from '../../ui';
import { AccountStatus } from './AccountStatus';
import { BeforeYouStart } from './BeforeYouStart';
import { DiagnosisSection } from './DiagnosisSection';
import { HowItWorks, TestingPayments } from './HowItWorks';
import { isConnected, pollWhileMoving } from './status';
import { PAYMENTS } from './texts';

/** The forms come after what is above them. */
const SettingsForms = lazy(() => import('./SettingsForms').then((m) => ({ default: m.SettingsForms })));
const ComparisonSection = lazy(() =>
  import('./ComparisonSection').then((m) => ({ default: m.ComparisonSection })),
);

/** Settings > Payments: the coach's Stripe account in this mode. */
export function PaymentsPage() {
  const payments = usePageTexts(PAYMENTS);
  const connection = useRead('/v1/connection', {}, { pollWhile: pollWhileMoving });
  return (
    <Page title={payments.title} lead={payments.lead}>
      <Loaded query={connection} lines={6}>
        {(present) => <Connected connection={present} />}
      </Loaded>
    </Page>
  );
}

function Connected({ connection }: { connection: Connection }) {
  const payments = usePageTexts(PAYMENTS);
  const connected = isConnected(connection);
  return (
    <>
      <Parts />
      {!connected && <BeforeYouStart />}
      <Section id="account" title={connected ? payments.status.title : payments.connecting.title}>
        <AccountStatus connection={connection} />
      </Section>
      {/* Looked at anew when the connection changes. */}
      <DiagnosisSection
        key={`${connection.status}:${connection.canSell}`}
        hasBegun={connection.status !== 'not_connected'}
      />
      {connected && (
        <Suspense fallback={<Loading />}>
          <ComparisonSection />
        </Suspense>
      )}
      <div id="settings" tabIndex={-1} className="part">
        <h2 className="part-title">{payments.parts.settings}</h2>
        <Suspense fallback={<Loading />}>
          <SettingsForms />
        </Suspense>
      </div>
      <div className="columns">
        <HowItWorks />
        <TestingPayments />
      </div>
    </>
  );
}

/** The parts of a long page, to go to. */
function Parts() {
  const { parts } = usePageTexts(PAYMENTS);
  return (
    <nav className="parts" aria-label={parts.label}>
      {(['account', 'troubleshooting', 'settings'] as const).map((part) => (
        <a
          key={part}
          href={`#${part}`}
          onClick={(event) => {
            event.preventDefault();
            const target = document.getElementById(part);
            target?.scrollIntoView({ block: 'start' });
            target?.focus({ preventScroll: true });
          }}
        >
          {parts[part]}
        </a>
      ))}
    </nav>
  );
}
