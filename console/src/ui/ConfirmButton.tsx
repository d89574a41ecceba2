import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from '../api/problem';
import { useActionDialog } from './action-dialog';
import { Dialog } from './Dialog';

interface Props extends ButtonProps {
  /** What it does once it is confirmed. */
  action: { isAllowed: boolean; isPending: boolean; error: Problem | null; reset: () => void };
  /** Does it; `onSuccess` is to be handed on. */
  run: (then: { onSuccess: () => void }) => void;
  words: { label: string; pending: string; title: string; text: ReactNode; done: string };
  /** What it is about, for who does not see where the button is. */
  about?: string;
}

/** A button for what cannot be undone: it asks first, and is not there for who may not. */
export function ConfirmButton({ action, run, words, about, ...button }: Props) {
  const { open, done, dialog } = useActionDialog(action, words.pending);
  if (!action.isAllowed) return null;
  return (
    <>
      <Button variant="outline" color="red" {...button} onClick={open}>
        {words.label}
        {about !== undefined && <span className="sr-only"> {about}</span>}
      </Button>
      <Dialog
        {...dialog}
        title={words.title}
        confirm={words.label}
        onConfirm={() => run({ onSuccess: () => done({ text: words.done }) })}
        danger
      >
        <p>{words.text}</p>
      </Dialog>
    </>
  );
}
