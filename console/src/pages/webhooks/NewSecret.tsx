import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { WebhookEndpoint } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { WEBHOOKS } from './texts';

interface NewSecretProps {
  endpoint: WebhookEndpoint;
  onSecret: (made: { url: string; secret: string }) => void;
}

/** Gives a receiver another secret; the one before signs for a day more. */
export function NewSecret({ endpoint, onSecret }: NewSecretProps) {
  const webhooks = usePageTexts(WEBHOOKS);
  const rotate = useAction('post', '/v1/webhook-endpoints/{id}/rotate-secret');
  const { open, done, dialog } = useActionDialog(rotate, webhooks.rotating);
  const confirm = () =>
    rotate.mutate(
      { params: { path: { id: endpoint.id } }, body: {} },
      {
        onSuccess: (made) => {
          onSecret(made);
          done({ text: webhooks.rotated });
        },
      },
    );
  if (!rotate.isAllowed) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {webhooks.rotate}
      </Button>
      <Dialog {...dialog} title={webhooks.rotate} confirm={webhooks.rotate} onConfirm={confirm}>
        <p>{webhooks.rotateText}</p>
      </Dialog>
    </>
  );
}
