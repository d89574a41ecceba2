import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { type DataOf, useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { LINKS } from './texts';

/** Hours that the replaced secret may still be taken: the API knows up to a week. */
const HOURS = [0, 24, 168] as const;

interface NewSigningSecretProps {
  /** One is in use: it is replaced. */
  replaces: boolean;
  onMade: (secret: DataOf<'post', '/v1/signing-secrets'>) => void;
}

/** Makes a secret, and asks for how long the one in use is still taken. */
export function NewSigningSecret({ replaces, onMade }: NewSigningSecretProps) {
  const links = usePageTexts(LINKS);
  const make = useAction('post', '/v1/signing-secrets');
  const { open, done, dialog } = useActionDialog(make, links.making);
  const [keepOldHours, setKeepOldHours] = useState<number>(24);
  const confirm = () =>
    make.mutate(
      { body: { keepOldHours } },
      {
        onSuccess: (secret) => {
          onMade(secret);
          done({ text: links.isMade });
        },
      },
    );
  const title = replaces ? links.replace : links.create;
  if (!make.isAllowed) return null;
  return (
    <>
      <Button variant={replaces ? 'outline' : 'filled'} onClick={open}>
        {title}
      </Button>
      <Dialog {...dialog} title={title} confirm={title} onConfirm={confirm}>
        <p>{links.onceText}</p>
        {replaces && (
          <NativeSelect
            label={links.keepOld}
            description={links.keepOldHint}
            value={keepOldHours}
            onChange={({ currentTarget }) => setKeepOldHours(Number(currentTarget.value))}
            data={HOURS.map((hours) => ({ value: String(hours), label: links.hours[hours] }))}
          />
        )}
      </Dialog>
    </>
  );
}
