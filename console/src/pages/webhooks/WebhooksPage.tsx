import { useState } from 'react';
import { useList } from '../../api/resource';
import { useTexts } from '../../texts/texts';
import { CopyField } from '../../ui/CopyField';
import { Empty } from '../../ui/Empty';
import { Loaded } from '../../ui/Loaded';
import { More } from '../../ui/More';
import { Page } from '../../ui/Page';
import { Section } from '../../ui/Section';
import { AddReceiver } from './AddReceiver';
import { ReceiverCard } from './ReceiverCard';

/** Who is told of what happens, and what they answered. */
export function WebhooksPage() {
  const { webhooks } = useTexts();
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
            <Empty title={webhooks.emptyTitle} text={webhooks.empty} />
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
