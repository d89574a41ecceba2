import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Connection } from '../../api/types';
import { useMode } from '../../app/mode';
import { useFormat } from '../../format/format';
import { useSignedIn } from '../../session/session';
import { usePageTexts } from '../../texts/texts';
import { Dialog, OutLink, useActionDialog } from '../../ui';
import { PAYMENTS } from './texts';

/** Ends the connection, once the coach has read what goes on at Stripe. */
export function Disconnect({ connection }: { connection: Connection }) {
  const { disconnect } = usePageTexts(PAYMENTS);
  const format = useFormat();
  const mode = useMode();
  const { emulator } = useSignedIn();
  const action = useAction('post', '/v1/connection/disconnect');
  const { open, done, opened, dialog } = useActionDialog(action, disconnect.pending);
  const { accountId, activeSubscriptions: count } = connection;
  const subscriptions = `https://dashboard.stripe.com/${accountId ?? ''}/${mode === 'test' ? 'test/' : ''}subscriptions`;
  const confirm = () =>
    action.mutate(
      { body: { confirm: true } },
      {
        onSuccess: () => done({ text: disconnect.done }),
      },
    );
  const isBusy = action.isPending || connection.status === 'disconnecting';
  if (!action.isAllowed) return null;
  return (
    <>
      <Button variant="outline" color="red" onClick={open} loading={isBusy && !opened}>
        {disconnect.button}
      </Button>
      <Dialog {...dialog} title={disconnect.title} confirm={disconnect.confirm} onConfirm={confirm} danger>
        <p>{disconnect.text}</p>
        <p>
          <strong>{count === 0 ? disconnect.none : disconnect.some(count, format.number(count))}</strong>
        </p>
        <p>{disconnect.where}</p>
        {!emulator && count > 0 && <OutLink href={subscriptions}>{disconnect.whereLink}</OutLink>}
      </Dialog>
    </>
  );
}
