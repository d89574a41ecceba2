import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import { useMode } from '../../app/mode';
import { useSignedIn } from '../../session/session';
import { useTexts } from '../../texts/texts';
import { ProblemAlert } from '../../ui/ProblemAlert';

/** Leads to Stripe's page; the browser comes back to the return page of this mode. */
export function ConnectStripe() {
  const { payments } = useTexts();
  const mode = useMode();
  const { publicUrl } = useSignedIn();
  const connect = useAction('post', '/v1/connection');
  const go = () => {
    const returnUrl = `${publicUrl}/console/${mode}/settings/payments/return`;
    connect.mutate({ body: { returnUrl } }, { onSuccess: ({ url }) => window.location.assign(url) });
  };
  return (
    <div className="stack">
      <ol className="plain-list">
        {payments.connecting.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <ProblemAlert problem={connect.error} />
      <div>
        <Button size="md" onClick={go} loading={connect.isPending || connect.isSuccess}>
          {payments.connect}
        </Button>
      </div>
      <p role="status" className="soft small">
        {connect.isPending || connect.isSuccess ? payments.connectingNow : ''}
      </p>
    </div>
  );
}
