import { Button, Group, Modal } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef } from 'react';
import type { Problem } from '../api/problem';
import { useTexts } from '../texts/texts';
import { useMarkedFocus } from './marked';
import { ProblemAlert } from './ProblemAlert';
import { useIsSlow } from './slow';

interface DialogProps {
  opened: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  confirm: string;
  /** What closes it without doing anything; “Cancel” unless told. Null: it is done, and `confirm` alone closes it. */
  cancel?: string | null;
  onConfirm: () => void;
  /** The words while it is being done; the buttons wait then. */
  pending?: string | null;
  problem?: Problem | null;
  /** What was refused is marked at its field, which takes the focus. */
  marked?: string | null;
  /** It takes something away. */
  danger?: boolean;
  /** False: nothing can be confirmed yet. */
  ready?: boolean;
}

/** Asks before something is done, or for what is needed to do it. Keeps what was typed when it fails. */
export function Dialog(props: DialogProps) {
  const { common } = useTexts();
  const { opened, title, onClose, children, confirm, onConfirm, cancel = common.cancel } = props;
  const { pending = null, problem = null, marked = null, danger = false, ready = true } = props;
  const form = useRef<HTMLFormElement>(null);
  useMarkedFocus(form, marked, pending);
  const isBusy = pending !== null;
  const isSlow = useIsSlow(isBusy);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A form around the dialog's place in the code would take it for its own. https://react.dev/reference/react-dom/createPortal#caveats
    event.stopPropagation();
    if (!isBusy && ready) onConfirm();
  };
  return (
    <Modal.Root
      opened={opened}
      onClose={() => {
        if (!isBusy) onClose();
      }}
      centered
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: a second banner in the document would mislead a screen reader. */}
        <div className="dialog-head">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={common.close} />
        </div>
        <Modal.Body>
          <form ref={form} onSubmit={submit} noValidate className="stack">
            {children}
            <ProblemAlert problem={problem} />
            <Group justify="flex-end" gap="xs">
              {cancel !== null && (
                <Button variant="default" onClick={onClose} disabled={isBusy}>
                  {cancel}
                </Button>
              )}
              <Button type="submit" color={danger ? 'red' : 'indigo'} loading={isBusy} disabled={!ready}>
                {confirm}
              </Button>
            </Group>
            <p role="status" className="soft small">
              {pending} {isSlow && common.slow}
            </p>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
