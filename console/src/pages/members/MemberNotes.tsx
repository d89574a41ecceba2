import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useAction, useList } from '../../api/resource';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Loaded, More, ProblemAlert, Section, useNotify } from '../../ui';
import { EditNote, type Note } from './EditNote';
import { MORE } from './more-texts';
import './notes.css';

/** What the people of the coach have written down about a member, the newest first. */
export function MemberNotes({ memberId }: { memberId: string }) {
  const { notes: words } = usePageTexts(MORE);
  const params = { path: { id: memberId } };
  const list = useList('/v1/members/{id}/notes', { params });
  return (
    <Section title={words.title} lead={words.lead}>
      <Loaded query={{ ...list, data: list.items }} shape="rows">
        {(notes) =>
          notes.length === 0 ? (
            <p className="soft">{words.none}</p>
          ) : (
            <ul className="rows">
              {notes.map((note) => (
                <NoteRow key={note.id} note={note} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <More query={list} />
      <AddNote memberId={memberId} />
    </Section>
  );
}

function NoteRow({ note }: { note: Note }) {
  const { notes: words } = usePageTexts(MORE);
  const format = useFormat();
  const notify = useNotify();
  const remove = useAction('post', '/v1/member-notes/{id}/remove');
  const who = ({ email, key, kind }: Note['author']) =>
    email ?? (key === null ? words.kinds[kind] : words.key(key));
  const { id, text, author, createdAt, editedAt, editor } = note;
  return (
    <li>
      <div className="grow">
        <p className="note-text">{text}</p>
        <p className="soft small">
          {words.by(who(author), format.dateTime(createdAt))}
          {editedAt !== null &&
            editor !== null &&
            ` · ${words.edited(who(editor), format.dateTime(editedAt))}`}
        </p>
      </div>
      <Group gap="xs">
        <EditNote note={note} />
        {remove.isAllowed && (
          <Button
            variant="subtle"
            color="red"
            size="sm"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(
                { params: { path: { id } }, body: {} },
                { onSuccess: () => notify({ text: words.removed }) },
              )
            }
          >
            {words.remove}
          </Button>
        )}
      </Group>
      <ProblemAlert problem={remove.error} />
    </li>
  );
}

function AddNote({ memberId }: { memberId: string }) {
  const { notes: words } = usePageTexts(MORE);
  const [text, setText] = useState('');
  const add = useAction('post', '/v1/members/{id}/notes');
  if (!add.isAllowed) return null;
  const send = () =>
    add.mutate(
      { params: { path: { id: memberId } }, body: { text: text.trim() } },
      { onSuccess: () => setText('') },
    );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') send();
      }}
    >
      <Textarea
        label={words.text}
        autosize
        maxLength={5000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ProblemAlert problem={add.error} />
      <Group>
        <Button type="submit" variant="default" loading={add.isPending} disabled={text.trim() === ''}>
          {words.add}
        </Button>
      </Group>
    </form>
  );
}
