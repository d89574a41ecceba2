import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import type { Person } from './roles';
import { PEOPLE } from './texts';

/** Takes somebody out, at once. */
export function RemovePerson({ person }: { person: Person }) {
  const words = usePageTexts(PEOPLE);
  const remove = useAction('post', '/v1/people/{id}/remove');
  const { open, done, dialog } = useActionDialog(remove, words.removing);
  const confirm = () =>
    remove.mutate(
      { params: { path: { id: person.id } }, body: {} },
      { onSuccess: () => done({ text: words.removed }) },
    );
  if (!remove.isAllowed) return null;
  return (
    <>
      <Button size="xs" variant="outline" color="red" onClick={open}>
        {words.remove}
        <span className="sr-only"> : {person.email}</span>
      </Button>
      <Dialog
        {...dialog}
        title={words.removeTitle(person.email)}
        confirm={words.remove}
        onConfirm={confirm}
        danger
      >
        <p>{words.removeText}</p>
      </Dialog>
    </>
  );
}
