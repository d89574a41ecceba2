import { Button } from '@mantine/core';
import { useAction, useList } from '../../api/resource';
import type { WebhookDelivery, WebhookEndpoint } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Loaded, More, ProblemAlert, Tag, type Tone, useNotify } from '../../ui';
import { WEBHOOKS } from './texts';

const TONES: Record<WebhookDelivery['status'], Tone> = {
  waiting: 'busy',
  sending: 'busy',
  delivered: 'good',
  failed: 'bad',
};

/** What a receiver was told, the newest first. */
export function Deliveries({ endpoint }: { endpoint: WebhookEndpoint }) {
  const webhooks = usePageTexts(WEBHOOKS);
  const list = useList('/v1/webhook-endpoints/{id}/deliveries', {
    params: { path: { id: endpoint.id }, query: { limit: 5 } },
  });
  return (
    <>
      <Loaded query={{ ...list, data: list.items }} shape="rows">
        {(deliveries) =>
          deliveries.length === 0 ? (
            <p className="soft">{webhooks.nothingTold}</p>
          ) : (
            <ul className="rows">
              {deliveries.map((delivery) => (
                <Delivery key={delivery.eventId} endpoint={endpoint} delivery={delivery} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <More query={list} />
    </>
  );
}

interface DeliveryProps {
  endpoint: WebhookEndpoint;
  delivery: WebhookDelivery;
}

function Delivery({ endpoint, delivery }: DeliveryProps) {
  const webhooks = usePageTexts(WEBHOOKS);
  const format = useFormat();
  const notify = useNotify();
  const again = useAction('post', '/v1/webhook-endpoints/{id}/deliveries/{eventId}/redeliver');
  const path = { id: endpoint.id, eventId: delivery.eventId };
  const [last] = delivery.log;
  const deliver = () =>
    again.mutate({ params: { path }, body: {} }, { onSuccess: () => notify({ text: webhooks.toldAgain }) });
  return (
    <li>
      <div className="grow">
        <p className="row-title">
          <code>{delivery.type}</code>
        </p>
        <p className="soft small">
          {format.dateTime(delivery.createdAt)}
          {last !== undefined &&
            ` · ${last.error === null ? webhooks.answered(String(last.status), last.latencyMs) : (webhooks.errors[last.error] ?? last.error)}`}
          {delivery.nextTryAt !== null && ` · ${webhooks.nextTry(format.dateTime(delivery.nextTryAt))}`}
        </p>
        {last !== undefined && last.answer !== null && last.answer !== '' && (
          <p className="soft small mono">{last.answer.slice(0, 200)}</p>
        )}
        <ProblemAlert problem={again.error} />
      </div>
      <Tag tone={TONES[delivery.status]}>{webhooks.statuses[delivery.status]}</Tag>
      {again.isAllowed && endpoint.status === 'enabled' && (
        <Button size="xs" variant="default" loading={again.isPending} onClick={deliver}>
          {webhooks.tellAgain}
          <span className="sr-only">: {delivery.type}</span>
        </Button>
      )}
    </li>
  );
}
