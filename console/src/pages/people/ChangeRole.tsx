import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { RoleField } from './RoleField';
import type { Person } from './roles';
import { PEOPLE } from './texts';

/** Another role, from their next click on. */
export function ChangeRole({ person }: { person: Person }) {
  const words = usePageTexts(PEOPLE);
  const change = useAction('patch', '/v1/people/{id}');
  const { open, done, dialog } = useActionDialog(change, words.changing);
  const [role, setRole] = useState(person.role);
  const begin = () => {
    setRole(person.role);
    open();
  };
  const confirm = () =>
    change.mutate(
      { params: { path: { id: person.id } }, body: { role } },
      { onSuccess: () => done({ text: words.changed }) },
    );
  if (!change.isAllowed) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={begin}>
        {words.change}
        <span className="sr-only"> : {person.email}</span>
      </Button>
      <Dialog
        {...dialog}
        title={words.changeTitle(person.email)}
        confirm={words.change}
        onConfirm={confirm}
        ready={role !== person.role}
      >
        <RoleField value={role} onChange={setRole} />
      </Dialog>
    </>
  );
}
