import { Button, CloseButton } from '@mantine/core';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { useTexts } from '../texts/texts';

export interface Notice {
  text: string;
  undo?: () => void;
}

const Context = createContext<(notice: Notice) => void>(() => {});

/** Says what was just done, with a way to take it back where there is one. */
export const useNotify = () => use(Context);

/** Milliseconds: long enough to read, and to reach for Undo where there is one. */
const SHOWN = { plain: 6000, undo: 15_000 };

export function NoticesProvider({ children }: { children: ReactNode }) {
  const { common } = useTexts();
  const [notice, setNotice] = useState<Notice | null>(null);
  const dismiss = useCallback(() => setNotice(null), []);
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(dismiss, notice.undo ? SHOWN.undo : SHOWN.plain);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  const notify = useMemo(() => (next: Notice) => setNotice({ ...next }), []);
  return (
    <Context value={notify}>
      {children}
      <div role="status" className="notices">
        {notice && (
          <div className="notice" tabIndex={-1}>
            <span>{notice.text}</span>
            {notice.undo && (
              <Button
                size="xs"
                variant="white"
                onClick={() => {
                  notice.undo?.();
                  dismiss();
                }}
              >
                {common.undo}
              </Button>
            )}
            <CloseButton aria-label={common.dismiss} onClick={dismiss} variant="transparent" c="white" />
          </div>
        )}
      </div>
    </Context>
  );
}
