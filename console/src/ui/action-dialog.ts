import { useState } from 'react';
import type { Problem } from '../api/problem';
import { markedField } from './marked';
import { type Notice, useNotify } from './notices';

interface Action {
  isPending: boolean;
  error: Problem | null;
  /** Forgets what went wrong. */
  reset: () => void;
}

/**
 * The state of a dialog that does one thing: open until that has come to pass or is given up, and showing what went wrong.
 * @param pending the words while it is being done
 * @param fields those that the dialog marks by itself where the API refuses one
 */
export function useActionDialog(action: Action, pending: string, fields: readonly string[] = []) {
  const notify = useNotify();
  const [opened, setOpened] = useState(false);
  const marked = markedField(action.error, fields);
  const close = () => {
    setOpened(false);
    action.reset();
  };
  return {
    open: () => setOpened(true),
    close,
    /** It has come to pass: closed, and told of. */
    done: (notice: Notice) => {
      close();
      notify(notice);
    },
    opened,
    /** What `Dialog` is given of it. */
    dialog: {
      opened,
      onClose: close,
      pending: action.isPending ? pending : null,
      problem: marked === null ? action.error : null,
      marked,
    },
  };
}
