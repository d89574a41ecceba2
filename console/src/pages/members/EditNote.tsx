import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type DataOf, useAction } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { MORE } from './more-texts';

export type Note = DataOf<'get', '/v1/members/{id}/notes'>['data'][number];

/** Says a note otherwise. */
export function EditNote({ note }: { note: Pick<Note, 'id' | 'text'> }) {
  const { notes: words } = usePageTexts(MORE);
  const edit = useAction('patch', '/v1/member-notes/{id}');
  const { open, done, dialog } = useActionDialog(edit, words.adding, ['text']);
  const [text, setText] = useState(note.text);
  if (!edit.isAllowed) return null;
  return (
    <>
      <Button
        variant="subtle"
        size="sm"
        onClick={() => {
          setText(note.text);
          open();
        }}
      >
        {words.edit}
      </Button>
      <Dialog
        {...dialog}
        title={words.editTitle}
        confirm={words.save}
        onConfirm={() =>
          edit.mutate(
            { params: { path: { id: note.id } }, body: { text: text.trim() } },
            { onSuccess: () => done({ text: words.saved }) },
          )
        }
        ready={text.trim() !== ''}
      >
        <Textarea
          label={words.text}
          autosize
          maxLength={5000}
          value={text}
          error={edit.error?.field === 'text' ? edit.error.message : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
      </Dialog>
    </>
  );
}
