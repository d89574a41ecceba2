import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { WebhookEndpoint } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Facts, ProblemAlert, Section, Tag, useNotify } from '../../ui';
import { Deliveries } from './Deliveries';
import { NewSecret } from './NewSecret';
import { WEBHOOKS } from './texts';

interface ReceiverCardProps {
  endpoint: WebhookEndpoint;
  onSecret: (made: { url: string; secret: string }) => void;
}

/** One receiver: whether it is told, what it was told, and what can be done with it. */
export function ReceiverCard({ endpoint, onSecret }: ReceiverCardProps) {
  const webhooks = usePageTexts(WEBHOOKS);
  const format = useFormat();
  const notify = useNotify();
  const tryIt = useAction('post', '/v1/webhook-endpoints/{id}/test');
  const enable = useAction('post', '/v1/webhook-endpoints/{id}/enable');
  const disable = useAction('post', '/v1/webhook-endpoints/{id}/disable');
  const isOn = endpoint.status === 'enabled';
  const own = { params: { path: { id: endpoint.id } }, body: {} };
  const send = () => tryIt.mutate(own, { onSuccess: () => notify({ text: webhooks.testSent }) });
  const turn = () =>
    isOn
      ? disable.mutate(own, { onSuccess: () => notify({ text: webhooks.turnedOff }) })
      : enable.mutate(own, { onSuccess: () => notify({ text: webhooks.turnedOn }) });
  return (
    <Section
      title={endpoint.url}
      actions={
        <Tag tone={isOn ? (endpoint.failingSince === null ? 'good' : 'warn') : 'bad'}>
          {isOn ? webhooks.on : webhooks.off}
        </Tag>
      }
    >
      <ProblemAlert problem={tryIt.error ?? enable.error ?? disable.error} />
      <Facts
        facts={[
          [webhooks.types, endpoint.types.length === 0 ? webhooks.allTypes : endpoint.types.join(', ')],
          endpoint.description !== null && [webhooks.description, endpoint.description],
          endpoint.failingSince !== null && [webhooks.failingSince, format.dateTime(endpoint.failingSince)],
          endpoint.disabledReason !== null && [webhooks.why, webhooks.reasons[endpoint.disabledReason]],
          endpoint.oldSecretValidUntil !== null && [
            webhooks.oldSecret,
            format.dateTime(endpoint.oldSecretValidUntil),
          ],
        ]}
      />
      <span className="tags">
        {tryIt.isAllowed && isOn && (
          <Button size="xs" variant="default" loading={tryIt.isPending} onClick={send}>
            {webhooks.test}
          </Button>
        )}
        <NewSecret endpoint={endpoint} onSecret={onSecret} />
        {disable.isAllowed && (
          <Button
            size="xs"
            variant={isOn ? 'outline' : 'default'}
            {...(isOn ? { color: 'red' } : {})}
            loading={enable.isPending || disable.isPending}
            onClick={turn}
          >
            {isOn ? webhooks.turnOff : webhooks.turnOn}
          </Button>
        )}
      </span>
      <Deliveries endpoint={endpoint} />
    </Section>
  );
}
