import { Button } from '@mantine/core';
import { usePageTexts } from '../../texts/texts';
import { IfAllowed, ProblemAlert } from '../../ui';
import { useConnect } from './connect';
import { PAYMENTS } from './texts';

/** The steps of the help page, and the first of them. */
export function ConnectStripe() {
  const payments = usePageTexts(PAYMENTS);
  const { go, isAllowed, isBusy, problem } = useConnect();
  return (
    <div className="stack">
      <ol className="plain-list">
        {payments.connecting.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <ProblemAlert problem={problem} />
      <IfAllowed isAllowed={isAllowed}>
        <div>
          <Button size="md" onClick={go} loading={isBusy}>
            {payments.connect}
          </Button>
        </div>
      </IfAllowed>
      <p role="status" className="soft small">
        {isBusy ? payments.connectingNow : ''}
      </p>
    </div>
  );
}
