import { Button } from '@mantine/core';
import type { Connection } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { OutLink, ProblemAlert } from '../../ui';
import { useConnect } from './connect';
import { requirementInWords } from './requirement';
import { dueNow } from './status';
import { PAYMENTS, type PaymentsTexts } from './texts';

const inWords = (fields: string[], { requirements }: PaymentsTexts) => [
  ...new Set(fields.map((field) => requirementInWords(field, requirements))),
];

/** What Stripe still wants, and the way back into it. */
export function Due({ connection }: { connection: Connection }) {
  const texts = usePageTexts(PAYMENTS);
  const format = useFormat();
  const { due } = texts;
  const { requirements } = connection;
  const now = dueNow(connection);
  const overdue = new Set(
    inWords(
      now.filter((one) => one.overdue).map(({ field }) => field),
      texts,
    ),
  );
  const pending = requirements?.pendingVerification ?? [];
  const deadline = requirements?.currentDeadline ?? null;
  if (now.length === 0)
    return <p className="soft">{pending.length > 0 ? due.pending : connection.canSell ? due.nothing : ''}</p>;
  return (
    <div className="stack">
      <h3>{due.title}</h3>
      <ul className="plain-list">
        {inWords(
          now.map(({ field }) => field),
          texts,
        ).map((words) => (
          <li key={words}>
            {words} {overdue.has(words) && <strong>({due.past})</strong>}
          </li>
        ))}
      </ul>
      {deadline !== null && <p>{due.by(format.date(deadline))}</p>}
      <WayBack connection={connection} />
      <p className="soft">{due.follows}</p>
    </div>
  );
}

/** An account of the coach's own is completed in its Dashboard; one that was created here by Stripe's form. */
function WayBack({ connection }: { connection: Connection }) {
  const { due } = usePageTexts(PAYMENTS);
  const { go, isBusy, problem } = useConnect();
  if (connection.flow === 'account_links')
    return (
      <div className="stack">
        <div>
          <Button onClick={go} loading={isBusy}>
            {due.action}
          </Button>
        </div>
        <ProblemAlert problem={problem} />
      </div>
    );
  if (connection.dashboardUrl === null) return null;
  return (
    <p>
      <OutLink href={connection.dashboardUrl} className="strong-link">
        {due.action}
      </OutLink>
    </p>
  );
}
