import { Webhook } from 'lucide-react';
import { useState } from 'react';
import { useList } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { CopyField, Empty, Loaded, More, Page, Section } from '../../ui';
import { AddReceiver } from './AddReceiver';
import { ReceiverCard } from './ReceiverCard';
import { WEBHOOKS } from './texts';

/** Who is told of what happens, and what they answered. */
export function WebhooksPage() {
  const webhooks = usePageTexts(WEBHOOKS);
  const list = useList('/v1/webhook-endpoints', {});
  const [secret, setSecret] = useState<{ url: string; secret: string } | null>(null);
  return (
    <Page title={webhooks.title} lead={webhooks.lead} actions={<AddReceiver onSecret={setSecret} />}>
      {secret !== null && (
        <Section title={webhooks.secretTitle} lead={webhooks.secretLead(secret.url)}>
          <CopyField label={webhooks.secret} value={secret.secret} />
        </Section>
      )}
      <Loaded query={{ ...list, data: list.items }}>
        {(endpoints) =>
          endpoints.length === 0 ? (
            <Empty title={webhooks.emptyTitle} icon={Webhook} text={webhooks.empty} />
          ) : (
            endpoints.map((endpoint) => (
              <ReceiverCard key={endpoint.id} endpoint={endpoint} onSecret={setSecret} />
            ))
          )
        }
      </Loaded>
      <More query={list} />
    </Page>
  );
}
