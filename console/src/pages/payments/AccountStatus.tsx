import { Group } from '@mantine/core';
import type { Connection } from '../../api/types';
import { useFormat } from '../../format/format';
import { useSignedIn } from '../../session/session';
import { textOf, usePageTexts } from '../../texts/texts';
import { Facts, OutLink, Tag } from '../../ui';
import { ConnectStripe } from './ConnectStripe';
import { Disconnect } from './Disconnect';
import { Due } from './Due';
import { isConnected, shownStatus, TONES } from './status';
import { PAYMENTS } from './texts';

/** Where the connection stands, why, and the one thing to do next. */
export function AccountStatus({ connection }: { connection: Connection }) {
  const payments = usePageTexts(PAYMENTS);
  const { emulator } = useSignedIn();
  const shown = shownStatus(connection);
  const ended = textOf(payments.endReasons, connection.endReason ?? '', '');
  return (
    <>
      <Group gap="sm" role="status">
        <Tag tone={TONES[shown]}>{payments.status[shown]}</Tag>
        <span>
          {payments.explain[shown]} {ended}
        </span>
      </Group>
      {isConnected(connection) ? (
        <>
          <AccountFacts connection={connection} />
          {connection.status === 'connected' && <Due connection={connection} />}
          <Group justify="space-between">
            {connection.dashboardUrl !== null && !emulator ? (
              <OutLink href={connection.dashboardUrl}>{payments.dashboard}</OutLink>
            ) : (
              <span />
            )}
            <Disconnect connection={connection} />
          </Group>
        </>
      ) : (
        <ConnectStripe />
      )}
    </>
  );
}

function AccountFacts({ connection }: { connection: Connection }) {
  const { facts } = usePageTexts(PAYMENTS);
  const format = useFormat();
  const enabled = (is: boolean) => (is ? facts.enabled : facts.notEnabled);
  const { accountId, accountName, country, defaultCurrency, connectedAt } = connection;
  return (
    <Facts
      facts={[
        accountName !== null && [facts.account, accountName],
        [accountName === null ? facts.account : facts.accountId, <span className="mono">{accountId}</span>],
        [facts.charges, enabled(connection.chargesEnabled)],
        [facts.payouts, enabled(connection.payoutsEnabled)],
        defaultCurrency !== null && [facts.currency, format.currency(defaultCurrency)],
        country !== null && [facts.country, format.country(country)],
        connectedAt !== null && [facts.since, format.date(connectedAt)],
      ]}
    />
  );
}
