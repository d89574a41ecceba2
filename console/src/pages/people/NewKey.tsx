import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type DataOf, useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { type Scope, scopeOf, SCOPES } from './roles';
import { PEOPLE } from './texts';

/** A key for a program, with no more than it needs. */
export function NewKey({ onMade }: { onMade: (made: DataOf<'post', '/v1/keys'>) => void }) {
  const words = usePageTexts(PEOPLE);
  const make = useAction('post', '/v1/keys');
  const { open, done, dialog } = useActionDialog(make, words.making, ['name']);
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('read_only');
  const begin = () => {
    setName('');
    setScope('read_only');
    open();
  };
  const confirm = () =>
    make.mutate(
      { body: { scope, ...(name.trim() === '' ? {} : { name: name.trim() }) } },
      {
        onSuccess: (made) => {
          onMade(made);
          done({ text: words.made });
        },
      },
    );
  if (!make.isAllowed) return null;
  return (
    <>
      <Button variant="default" size="sm" onClick={begin}>
        {words.newKey}
      </Button>
      <Dialog {...dialog} title={words.newKey} confirm={words.newKey} onConfirm={confirm}>
        <p className="soft">{words.newKeyLead}</p>
        <TextInput
          label={words.name}
          description={words.nameHint}
          value={name}
          error={make.error?.field === 'name' ? make.error.message : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <NativeSelect
          label={words.scope}
          value={scope}
          onChange={(event) => setScope(scopeOf(event.currentTarget.value))}
          data={SCOPES.map((value) => ({ value, label: words.scopes[value] }))}
        />
      </Dialog>
    </>
  );
}
