import { Button, Loader } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Price } from '../../api/types';
import { textOf, useTexts } from '../../texts/texts';
import { IfAllowed, ProblemAlert, Section } from '../../ui';

/** A price on its way into the Stripe account, or what kept it from getting there. */
export function Provisioning({ price }: { price: Price }) {
  const { provisioning, retry: retryLabel } = useTexts().price;
  const retry = useAction('post', '/v1/prices/{id}/retry');
  if (price.status === 'failed')
    return (
      <Section title={provisioning.failed}>
        <p role="alert">
          {textOf(provisioning.atStripe, price.failure?.code ?? '', price.failure?.message ?? '')}
        </p>
        <ProblemAlert problem={retry.error} />
        <IfAllowed isAllowed={retry.isAllowed}>
          <Button
            loading={retry.isPending}
            onClick={() => retry.mutate({ params: { path: { id: price.id } }, body: {} })}
          >
            {retryLabel}
          </Button>
        </IfAllowed>
      </Section>
    );
  return (
    <Section title={provisioning.title}>
      <ol className="steps" role="status">
        <li data-state="done">{provisioning.steps.requested}</li>
        <li data-state="now" aria-current="step">
          <Loader size="xs" aria-hidden /> {provisioning.steps.atStripe}
        </li>
        <li data-state="later">{provisioning.steps.onSale}</li>
      </ol>
      <p className="soft">{provisioning.wait}</p>
    </Section>
  );
}
