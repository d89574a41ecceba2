import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { WEBHOOKS } from './texts';

interface AddReceiverProps {
  onSecret: (made: { url: string; secret: string }) => void;
}

/** A receiver of every kind of event; what it is told can be narrowed by the API. */
export function AddReceiver({ onSecret }: AddReceiverProps) {
  const webhooks = usePageTexts(WEBHOOKS);
  const add = useAction('post', '/v1/webhook-endpoints');
  const { open, done, dialog } = useActionDialog(add, webhooks.adding, ['url']);
  const [url, setUrl] = useState('');
  const begin = () => {
    setUrl('');
    open();
  };
  const confirm = () =>
    add.mutate(
      { body: { url: url.trim() } },
      {
        onSuccess: (made) => {
          onSecret(made);
          done({ text: webhooks.added });
        },
      },
    );
  if (!add.isAllowed) return null;
  return (
    <>
      <Button onClick={begin}>{webhooks.add}</Button>
      <Dialog
        {...dialog}
        title={webhooks.add}
        confirm={webhooks.add}
        onConfirm={confirm}
        ready={url.trim() !== ''}
      >
        <p className="soft">{webhooks.addLead}</p>
        <TextInput
          type="url"
          label={webhooks.url}
          description={webhooks.urlHint}
          value={url}
          error={add.error?.field === 'url' ? add.error.message : undefined}
          onChange={(event) => setUrl(event.currentTarget.value)}
          data-autofocus
        />
      </Dialog>
    </>
  );
}
